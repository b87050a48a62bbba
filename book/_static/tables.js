/* The theme lets keys reach tables that scroll sideways; this tells screen readers what such a table is. */
for (const [number, box] of document.querySelectorAll(".pst-scrollable-table-container").entries()) {
  const section = box.closest("section");
  const heading = section?.querySelector("h1, h2, h3, h4")?.firstChild?.textContent.trim() ?? document.title;
  const alike = section?.querySelectorAll(".pst-scrollable-table-container").length ?? 1;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", alike > 1 ? `Table ${number + 1}: ${heading}` : `Table: ${heading}`);
}

/* Made when a reader first sorts words: a browser takes milliseconds for it. */
let order;

/* Tables of more than fifteen rows sort and narrow. Without this script they stand whole, in their own order. */
for (const box of document.querySelectorAll(".table-scroll")) {
  const body = box.querySelector("tbody");
  const rows = [...body.rows];
  if (rows.length < 16 || box.closest(".receipts")) continue;
  const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const made = (tag, ...inside) => {
    const node = document.createElement(tag);
    node.append(...inside);
    return node;
  };

  const field = made("input");
  field.type = "search";
  const says = made("output");
  const tools = made("div", made("label", `${box.dataset.narrow ?? "Only rows with"} `, field), " ", says);
  tools.className = "table-tools";
  box.before(tools);
  const narrow = () => {
    const wanted = plain(field.value).split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !wanted.every((word) => plain(row.textContent).includes(word));
    const shown = rows.filter((row) => !row.hidden).length;
    says.textContent = shown ? `${shown} of ${rows.length} rows` : "No row fits";
  };
  field.addEventListener("input", narrow);
  /* Where each row leads to a page, Enter opens the only one that is left. */
  field.addEventListener("keydown", (event) => {
    const left = rows.filter((row) => !row.hidden);
    const page = event.key === "Enter" && box.dataset.narrow && left.length === 1 && left[0].querySelector("th a");
    if (page) location.assign(page.href);
  });
  addEventListener("pageshow", narrow);

  /* A number, a day as a number, or words; what is missing comes last either way. */
  const worth = (words) => {
    if (words === "–" || !words) return null;
    const day = /^(\d\d? )?([A-Z][a-z]+ \d{4})$/.exec(words);
    const number = day ? Date.parse(`${day[1] ?? "1 "}${day[2]}`) : Number(words.replaceAll(",", "").replace("−", "-"));
    return Number.isNaN(number) ? words : number;
  };
  const compare = (one, other) => {
    if (typeof one === "number" && typeof other === "number") return one - other;
    return (order ??= new Intl.Collator("en", { numeric: true })).compare(one, other);
  };
  const heads = [...box.querySelectorAll("thead th")];
  for (const [column, head] of heads.entries()) {
    const button = made("button", ...head.childNodes);
    button.type = "button";
    head.append(button);
    button.addEventListener("click", () => {
      const to = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")] ?? "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      if (!to) return body.append(...rows);
      head.setAttribute("aria-sort", to);
      const keyed = rows.map((row) => [worth(row.cells[column].textContent.trim()), row]);
      keyed.sort(([one], [other]) =>
        one === null || other === null ? (one === null) - (other === null) : compare(one, other) * (to === "ascending" ? 1 : -1),
      );
      body.append(...keyed.map(([, row]) => row));
    });
  }
  narrow();
}
