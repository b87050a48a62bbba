// Before the page is painted: the mode the reader chose, and that scripts run at all.
{
  const root = document.documentElement;
  root.classList.add("js");
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
