// The list of models: why the chosen one cannot be debugged stands beside the button.
"use strict";

const choice = {
  button: () => document.getElementById("debug"),

  show() {
    const button = choice.button();
    if (!button) return;
    const picked = document.querySelector("#list input[name=model]:checked");
    const why = (picked && picked.dataset.why) || "";
    const place = document.getElementById("debug-why");
    if (place.textContent !== why) place.textContent = why;
    place.hidden = !why;
    if (why) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  },
};

document.addEventListener("change", choice.show);
document.addEventListener("desk:renewed", choice.show);
document.addEventListener("DOMContentLoaded", choice.show);
document.addEventListener("submit", (event) => {
  const button = choice.button();
  if (button && event.submitter === button && button.getAttribute("aria-disabled")) event.preventDefault();
});
