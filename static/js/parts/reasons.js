// @ts-check
// Once a ruler is answered, "Why 6 and not a lower number?" and "What would help it become an 8?" open below it.
// What was written stays when the number changes. Never "why not 10?".
import { all, fill } from "./words.js";

const TOP = 10;
const STEP = 2;

export function startReasons() {
  for (const box of all("[data-reasons-for]", HTMLElement)) follow(box);
}

/** @param {HTMLElement} box */
function follow(box) {
  const ruler = `input[type="radio"][name="${CSS.escape(box.dataset.reasonsFor ?? "")}"]`;
  const [why, help] = box.querySelectorAll("label");
  const heard = document.createElement("p");
  heard.className = "nhsuk-u-visually-hidden";
  heard.setAttribute("aria-live", "polite");
  box.before(heard);

  /** @param {boolean} say */
  const update = (say) => {
    const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector(`${ruler}:checked`));
    const numbered = chosen !== null && /^\d+$/.test(chosen.value);
    box.classList.toggle("is-open", numbered);
    if (!numbered || !why || !help) return;
    const n = Number(chosen.value);
    why.textContent = fill(n === 0 ? box.dataset.whyZero : box.dataset.why, { n });
    help.textContent = fill(n === TOP ? box.dataset.helpTop : box.dataset.help, {
      more: Math.min(n + STEP, TOP),
    });
    if (say) heard.textContent = why.textContent;
  };
  for (const tile of all(ruler, HTMLInputElement)) tile.addEventListener("change", () => update(true));
  window.addEventListener("pageshow", () => update(false));
  update(false);
}
