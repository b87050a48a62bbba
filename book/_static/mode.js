// Before the page is painted: the mode the reader chose, that scripts run at all, and whether the page may be laid out
// piece by piece (settle.js), which it may not when its address names a place in it.
{
  const root = document.documentElement;
  root.classList.add("js");
  root.classList.toggle("unsettled", !location.hash);
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
