// @ts-check

/** Whether somebody has typed or chosen something on this page that is not saved yet. Drafts save themselves. */
export function unsaved() {
  // The page that says what is wrong was sent with what was typed, and none of it is saved.
  if (document.querySelector(".nhsuk-error-summary")) return true;
  return [...document.forms].some(
    (form) => !form.hasAttribute("data-autosave") && [...form.elements].some(changed),
  );
}

/** @param {Element} field */
function changed(field) {
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (field instanceof HTMLSelectElement) {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  }
  if (!(field instanceof HTMLInputElement)) return false;
  return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
}
