/* A button at the code of each cell; what it does is fetched when it is pressed (tools/live.py adds this to the site's script). */
(() => {
  const here = new URL(`${document.documentElement.dataset.content_root}live/VERSION/`, location.href);
  const name = location.pathname.split("/").pop().replace(/\.html$/, "") || "index";
  const groups = [...document.querySelectorAll(".bd-article :is(details.code, .cell > .cell_input)")];
  const page = async () => (await import(new URL("page.js", here))).page(here, name, groups);
  const kept = (number) => {
    try {
      return localStorage.getItem(`run/${name}/${number}`) !== null;
    } catch {
      return false; // storage is forbidden
    }
  };
  groups.forEach((group, number) => {
    const bar = document.createElement("p");
    bar.className = "run-bar";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = kept(number) ? "Go on with your change" : "Change and run";
    const says = document.createElement("span");
    says.setAttribute("role", "status");
    bar.append(button, " ", says);
    group.localName === "details" ? group.append(bar) : group.after(bar);
    button.addEventListener("click", async () => {
      if (location.protocol === "file:") {
        says.textContent =
          "A page read from a folder cannot run code: browsers forbid it. Serve the folder (python -m http.server) and open it from there.";
        return;
      }
      try {
        (await page()).open(number);
      } catch (error) {
        const missing = error instanceof TypeError; // as a failed request is
        says.textContent = missing ? "What runs the cell could not be fetched: are you offline?" : error.message;
      }
    });
  });
  if (location.hash.startsWith("#run=") && groups.length) page().then((opened) => opened.shared(location.hash.slice(5)));
})();
