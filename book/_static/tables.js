/* The theme lets keys reach tables that scroll sideways; this tells screen readers what such a table is. */
for (const [number, box] of document.querySelectorAll(".pst-scrollable-table-container").entries()) {
  const section = box.closest("section");
  const heading = section?.querySelector("h1, h2, h3, h4")?.firstChild?.textContent.trim() ?? document.title;
  const alike = section?.querySelectorAll(".pst-scrollable-table-container").length ?? 1;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", alike > 1 ? `Table ${number + 1}: ${heading}` : `Table: ${heading}`);
}
