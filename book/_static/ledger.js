/* Narrow the claims ledger by part, verdict and words. Without this script the page lists all claims. */
(() => {
  const form = document.querySelector("form.ledger-filter");
  if (!form) return;
  const plain = (words) => words.toLowerCase().replaceAll("’", "'");
  const claims = [...document.querySelectorAll(".ledger article.claim")].map((node) => ({
    node,
    text: plain(node.textContent),
  }));
  const narrow = () => {
    const { part, verdict, words } = Object.fromEntries(new FormData(form));
    const wanted = plain(words).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { node, text } of claims) {
      const fits =
        (!part || node.dataset.part === part) &&
        (!verdict || node.dataset.verdict === verdict) &&
        wanted.every((word) => text.includes(word));
      node.hidden = !fits;
      shown += fits;
    }
    for (const list of document.querySelectorAll(".ledger")) {
      const section = list.closest("section");
      if (section) section.hidden = !list.querySelector("article.claim:not([hidden])");
    }
    form.querySelector("output").textContent = `${shown} of ${claims.length} claims`;
  };
  form.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  narrow();
})();
