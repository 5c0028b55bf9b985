// @ts-check
// `data-shows="id"` on a radio or a checkbox: the part of the page with that id shows while it is chosen. Without
// script everything shows. What is hidden is still sent, so nothing typed is lost by a slip.
import { all } from "./words.js";

export function startReveals() {
  const choices = all("input[data-shows]", HTMLInputElement);
  const update = () => {
    for (const choice of choices) {
      const part = document.getElementById(choice.dataset.shows ?? "");
      if (!part) continue;
      part.hidden = !choice.checked;
      choice.setAttribute("aria-expanded", String(choice.checked));
    }
  };
  if (!choices.length) return;
  document.addEventListener("change", update);
  window.addEventListener("pageshow", update);
  update();
}
