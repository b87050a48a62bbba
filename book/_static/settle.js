/* Lay the page out piece by piece, over twenty frames at most, so that it answers the reader meanwhile (house.css). */
(() => {
  const root = document.documentElement;
  if (!root.classList.contains("unsettled")) return;
  const pieces = [...document.querySelectorAll(".bd-article > section > section, .ledger article.claim, .citation-list > .citation")];
  const share = Math.ceil(pieces.length / 20);
  const settle = () => {
    for (const piece of pieces.splice(0, share)) piece.classList.add("settled");
    if (pieces.length) return requestAnimationFrame(settle);
    root.classList.remove("unsettled");
    document.dispatchEvent(new Event("settled"));
  };
  window.addEventListener("load", () => requestAnimationFrame(settle));
})();
