/* Narrow the claims ledger by part, verdict and words; the address keeps what was chosen. Without this script the page
   lists all claims. */
(() => {
  const form = document.querySelector("form.ledger-filter");
  if (!form) return;
  const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("’", "'");
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
    const none = shown ? "" : ": none fits. Reset shows them all.";
    form.querySelector("output").textContent = `${shown} of ${claims.length} claims${none}`;
  };
  const keep = (place = "") => {
    const chosen = String(new URLSearchParams([...new FormData(form)].filter(([, value]) => value)));
    history.replaceState(history.state, "", location.pathname + (chosen && `?${chosen}`) + place);
  };
  const fill = (asked) => {
    for (const field of form.querySelectorAll("[name]")) {
      field.value = asked.get(field.name) ?? "";
      if (field.selectedIndex === -1) field.value = "";
    }
    narrow();
  };
  /* The browser fills a form in again when the reader comes back: the address is what counts. */
  const follow = () => {
    fill(new URLSearchParams(location.search));
    /* An address of one claim shows it, whatever else it asks for. */
    const named = claims.find(({ node }) => `#${node.id}` === location.hash)?.node;
    if (!named?.hidden) return;
    fill(new URLSearchParams());
    keep(location.hash);
    named.scrollIntoView();
  };
  const choose = () => {
    narrow();
    keep();
  };
  form.addEventListener("input", choose);
  form.addEventListener("reset", () => setTimeout(choose));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("pageshow", follow);
  addEventListener("hashchange", follow);
  form.hidden = false;
  follow();
})();
