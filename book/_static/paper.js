/* Unfold what is folded for printing, where the style sheet cannot (house.css), and fold it again. */
(() => {
  if (CSS.supports("selector(::details-content)")) return;
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of folded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });
})();
