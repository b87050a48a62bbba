/* Tell the values of a figure where the reader points: by pointer, touch or arrow keys (book/essay/drawn.py packs them). */
for (const plot of document.querySelectorAll(".figure-plot[data-values]")) {
  const layer = document.createElement("div");
  layer.className = "figure-layer";
  layer.tabIndex = 0;
  layer.setAttribute("role", "application");
  const title = plot.parentElement.querySelector(".figure-title").textContent;
  layer.setAttribute("aria-label", `Values, to be read with the arrow keys: ${title}`);
  plot.append(layer);
  const unit = plot.dataset.unit && ` (${plot.dataset.unit})`;
  const narrow = matchMedia("(max-width: 600px)");
  let marks; // of the wide and of the narrow picture, made when first asked for
  let ring, says;
  let at = -1;

  const edge = (steps, count) => {
    let sum = 0;
    return Array.isArray(steps) ? steps.map((step) => (sum += step)) : Array(count).fill(steps);
  };
  const read = (series, which) =>
    series.flatMap(([name, places, told, ...shapes]) => {
      const values = told.split("|");
      const heads = Array.isArray(places) ? values.map((_, n) => places[0] + n * places[1]) : places.split("|");
      const [left, top, right, bottom] = shapes[Math.min(which, shapes.length - 1)].map((steps) => edge(steps, values.length));
      return values.map((value, n) => {
        const about = [name, heads[n]].filter(Boolean).join(", ");
        const words = [about, value].filter(Boolean).join(": ") + unit;
        return { name, head: heads[n], words, left: left[n], top: top[n], right: right[n] || left[n], bottom: bottom[n] || top[n] };
      });
    });
  const all = () => {
    if (!marks) {
      const packed = JSON.parse(plot.dataset.values);
      marks = [0, 1].map((which) => read(packed[which] ?? packed[0], which));
      ring = document.createElement("div");
      ring.className = "figure-ring";
      says = document.createElement("output");
      says.className = "figure-says";
      says.setAttribute("aria-live", "polite");
      layer.append(ring, says);
      document.addEventListener("pointerdown", (event) => plot.contains(event.target) || hide());
    }
    return marks[+narrow.matches];
  };
  const hide = () => layer.classList.remove("telling");
  const show = (to) => {
    const mark = all()[to];
    if (!mark) return;
    at = to;
    const { left, top, right, bottom, words } = mark;
    const across = (left + right) / 20;
    const low = top < 350;
    const percent = (number) => `${number / 10}%`;
    Object.assign(ring.style, { left: percent(left), top: percent(top), width: percent(right - left), height: percent(bottom - top) });
    Object.assign(says.style, {
      left: `${across}%`,
      top: low ? percent(bottom) : "auto",
      bottom: low ? "auto" : percent(1000 - top),
      transform: `translateX(-${across}%)`,
    });
    if (says.textContent !== words) says.textContent = words;
    layer.classList.add("telling");
  };
  const near = (event) => {
    const box = plot.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 1000;
    const y = ((event.clientY - box.top) / box.height) * 1000;
    let best = -1;
    let least = 60 ** 2; // pixels
    all().forEach(({ left, top, right, bottom }, number) => {
      const dx = (Math.max(left - x, 0, x - right) * box.width) / 1000;
      const dy = (Math.max(top - y, 0, y - bottom) * box.height) / 1000;
      const far = dx * dx + dy * dy;
      if (far < least) [best, least] = [number, far];
    });
    best < 0 ? hide() : show(best);
  };
  for (const kind of ["pointerdown", "pointermove"]) plot.addEventListener(kind, near);
  plot.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
  layer.addEventListener("focus", () => layer.matches(":focus-visible") && show(Math.max(at, 0)));
  layer.addEventListener("blur", hide);

  /* The mark of the next series (or the one before) that has the same head, or else stands nearest. */
  const beside = (by) => {
    const list = all();
    const names = [...new Set(list.map((mark) => mark.name))];
    if (names.length < 2) return at + by;
    const here = list[at];
    const name = names[names.indexOf(here.name) + by];
    const far = (mark) => (mark.head === here.head ? -1 : Math.hypot(mark.left - here.left, mark.top - here.top));
    const there = list.filter((mark) => mark.name === name).sort((one, other) => far(one) - far(other));
    return there.length ? list.indexOf(there[0]) : at;
  };
  layer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hide();
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = all().length - 1;
    const steps = { ArrowLeft: () => at - 1, ArrowRight: () => at + 1, ArrowUp: () => beside(-1), ArrowDown: () => beside(1) };
    const to = { ...steps, Home: () => 0, End: () => last }[event.key];
    if (!to) return;
    event.preventDefault();
    show(Math.max(0, Math.min(to(), last)));
  });
}

/* A figure as PNG: its SVG, drawn twice as large on paper. A page read from a folder may not look into its pictures. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".figure-png");
  if (!button) return;
  const link = button.parentElement.querySelector(".figure-svg");
  try {
    const image = new Image();
    image.src = link.href;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
    const paint = canvas.getContext("2d");
    paint.fillStyle = "#fdfcfa";
    paint.fillRect(0, 0, canvas.width, canvas.height);
    paint.drawImage(image, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => canvas.toBlob(done));
    const save = document.createElement("a");
    save.href = URL.createObjectURL(made);
    save.download = link.download.replace(/svg$/, "png");
    save.click();
    setTimeout(() => URL.revokeObjectURL(save.href), 60000);
  } catch {
    link.click();
  }
});
