// @ts-check
// Idea chips: a tap starts the sentence in the field and leaves the rest to the person. What is there already stays.
import { all } from "./words.js";

export function startPicks() {
  document.addEventListener("focusin", goOn);
  goOn();
  for (const chip of all("button[data-starts]", HTMLButtonElement)) {
    chip.addEventListener("click", (event) => {
      const field = document.getElementById(chip.dataset.starts ?? "");
      if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
      event.preventDefault();
      const before = field.value.trimEnd();
      field.value = before ? `${before}\n${chip.value}: ` : `${chip.value}: `;
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

/** A sentence that the page has begun is gone on with at its end, unless a place in it was chosen. */
function goOn() {
  const field = document.activeElement;
  if (field instanceof HTMLTextAreaElement && field.value === field.defaultValue && !field.selectionEnd)
    field.setSelectionRange(field.value.length, field.value.length);
}
