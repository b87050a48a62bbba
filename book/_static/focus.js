/* The theme takes the focus from a button of its bar when it is pressed, and keyboard users lose their place. */
for (const button of document.querySelectorAll(".theme-switch-button, .search-button, .primary-toggle, .secondary-toggle")) {
  button.addEventListener("click", () => button.focus());
}
