// Before the page is painted: the mode the reader chose, that scripts run at all, and whether the page may be laid out
// piece by piece (settle.js): not for a reader who comes to a place in it, by its address, by going back or by reloading.
{
  const root = document.documentElement;
  root.classList.add("js");
  const came = performance.getEntriesByType("navigation")[0]?.type;
  root.classList.toggle("unsettled", came === "navigate" && !location.hash);
  let stored = {};
  try {
    stored = { mode: localStorage.getItem("mode"), theme: localStorage.getItem("theme") };
  } catch {
    // Storage is forbidden: the page follows the system.
  }
  root.dataset.mode = stored.mode || "auto";
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = stored.theme || (dark ? "dark" : "light");
}
