/* Open a receipt where its number is read: value, computation, source, what to know of the table, its code.
   Without this script the link leads to the receipt's row, and so it does where that page cannot be fetched. */
(() => {
  const box = document.createElement("div");
  if (!("popover" in box) || !document.querySelector("a.fact")) return;
  box.className = "receipt";
  box.popover = "auto";
  box.tabIndex = -1;
  box.setAttribute("role", "dialog");
  document.body.append(box);

  const fetched = new Map();
  const pageOf = (address) => {
    const page = address.href.split("#")[0];
    if (page === location.href.split("#")[0]) return document;
    if (!fetched.has(page)) {
      const parsed = async () => new DOMParser().parseFromString(await (await fetch(page)).text(), "text/html");
      fetched.set(page, parsed());
    }
    return fetched.get(page);
  };

  const made = (tag, words, ...children) => {
    const node = document.createElement(tag);
    node.append(words, ...children);
    return node;
  };
  const link = (words, href) => Object.assign(made("a", words), { href });

  /* What the end of a page says of the tables that a receipt cites: how far their record goes, and their caveats. */
  const known = (page, sources) =>
    [...sources.querySelectorAll("a[href*='../data/']")].flatMap((source) => {
      const name = source.getAttribute("href").match(/([^/]+)\.\w+$/)[1];
      const entry = page.querySelector(`.record a[href$="#${name}"]`)?.parentElement;
      return entry ? [document.importNode(entry, true)] : [];
    });

  const fill = (page, row, href) => {
    const [value, how, sources] = [...row.cells].map((cell) => document.importNode(cell, true));
    how.querySelector(".back")?.remove();
    const code = row.closest(".cell")?.querySelector("details.code[id]");
    const links = made("p", link("All receipts", href));
    if (code) links.append(" ", link("Code", `${href.split("#")[0]}#${code.id}`));
    const close = made("button", "Close");
    close.type = "button";
    close.addEventListener("click", () => box.hidePopover());
    links.append(" ", close);
    const tables = known(page, sources);
    const told = made("details", made("summary", tables.length > 1 ? "What to know of these tables" : "What to know of this table"));
    told.append(made("ul", "", ...tables));
    box.replaceChildren(
      made("p", made("strong", value.textContent), " ", how.textContent),
      made("p", "Source: ", ...sources.childNodes),
      ...(tables.length ? [told] : []),
      links,
    );
    box.setAttribute("aria-label", `Receipt of ${value.textContent}`);
  };

  const place = (from) => {
    const at = from.getClientRects()[0];
    const width = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(at.left, width - box.offsetWidth - 8));
    const below = at.bottom + 8 + box.offsetHeight <= innerHeight || at.top < box.offsetHeight + 8;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(below ? at.bottom + 8 : at.top - 8 - box.offsetHeight) + scrollY}px`;
  };

  document.addEventListener("click", async (event) => {
    const from = event.target.closest("a.fact");
    if (!from || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const address = new URL(from.href);
    const page = await Promise.resolve(pageOf(address)).catch(() => null);
    const row = page?.getElementById(decodeURIComponent(address.hash.slice(1)));
    if (!row) {
      location.assign(from.href);
      return;
    }
    fill(page, row, from.href);
    from.focus();
    box.showPopover();
    place(from);
    box.focus({ preventScroll: true });
  });
  box.addEventListener("click", (event) => event.target.closest("a[href*='#']") && box.hidePopover());
  addEventListener("resize", () => box.matches(":popover-open") && box.hidePopover());
})();
