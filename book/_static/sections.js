/* Tell in the list of contents where the reader is: in the section whose heading is the last above a third of the window.
   The theme hears only of headings that enter the upper part of it: none that the wheel jumps over, none on the way back. */
(() => {
  const entries = [...document.querySelectorAll("#page-contents a[href^='#']")].flatMap((link) => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)))?.querySelector("h2, h3, h4");
    return heading ? [{ link, heading }] : [];
  });
  if (!entries.length) return;
  let told, asked;
  const tell = () => {
    asked = false;
    const here = entries.findLast(({ heading }) => heading.getBoundingClientRect().top <= innerHeight / 3)?.link;
    if (here === told) return;
    for (const { link } of entries) {
      link.classList.toggle("active", link === here);
      link.closest(".toc-entry").classList.toggle("active", link.closest(".toc-entry").contains(here ?? null));
      if (link === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    told = here;
  };
  const ask = () => {
    if (!asked) requestAnimationFrame(tell);
    asked = true;
  };
  const start = () => {
    for (const change of ["scroll", "resize", "toggle"]) addEventListener(change, ask, { capture: true, passive: true });
    ask();
  };
  // To ask for a heading that waits (settle.js) would have its whole section laid out.
  if (document.documentElement.classList.contains("unsettled")) document.addEventListener("settled", start);
  else start();
})();
