// Opens the side panel once htmx has filled it, and closes it on a click beside it; Escape is the dialog's own.
"use strict";
const panel = document.getElementById("panel");
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "panel-body" && !panel.open) panel.showModal();
  if (event.detail.target.id === "panel-body") panel.scrollTop = 0;
});
panel.addEventListener("click", (event) => {
  if (event.target === panel) panel.close();
});
