/* Step through a figure that has pictures on the way to the whole. Without this script it shows the whole. */
for (const figure of document.querySelectorAll("figure.essay-figure:has(.figure-steps)")) {
  const steps = [...figure.querySelectorAll(".figure-step")];
  const bar = document.createElement("div");
  bar.className = "step-bar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Steps of this figure");
  const [back, forth] = ["Back", "Next"].map((word) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    return button;
  });
  const says = document.createElement("output");
  bar.append(back, says, forth);
  let at = 0; // 0 is the whole, 1 the first step
  const go = (to) => {
    at = Math.max(0, Math.min(to, steps.length + 1)) % (steps.length + 1);
    figure.classList.toggle("stepping", at > 0);
    steps.forEach((step, number) => (step.hidden = number + 1 !== at));
    says.textContent = at ? `${at} of ${steps.length}: ${steps[at - 1].querySelector("img").alt}` : `In ${steps.length} steps`;
    back.disabled = at === 0;
    forth.textContent = at === 0 ? "Step through" : at === steps.length ? "The whole" : "Next";
  };
  back.addEventListener("click", () => go(at - 1));
  forth.addEventListener("click", () => go(at + 1));
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by && !(at === 0 && by < 0)) go(at + by);
  });
  go(0);
  figure.querySelector(".figure-steps").hidden = false;
  figure.querySelector(".figure-steps").after(bar);
}
