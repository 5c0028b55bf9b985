// @ts-check
// The page of a questionnaire: what its form becomes in the phone's outbox, and the crisis card in its place as soon as the
// answers are kept, with signal and without. Without this the server does both.

/** @param {HTMLFormElement} form */
function start(form) {
  const { questionnaire, text, corrects, crisis } = form.dataset;
  const radios = [...form.querySelectorAll("input[type=radio]")];
  const names = [...new Set(radios.map((each) => each.getAttribute("name") ?? ""))];

  /** Everything is chosen: the outbox may have it. Before that the server says which question is left. */
  const prepare = () => {
    const fields = new FormData(form);
    const chosen = names.map((name) => /** @type {const} */ ([name.slice(1), fields.get(name)]));
    if (chosen.some(([, value]) => value === null)) return;
    const given = chosen
      .filter(([, value]) => value !== "skip")
      .map(([item, value]) => [item, Number(value)]);
    const answers = Object.fromEntries(given);
    const body = { questionnaire, text_id: text, answers, ...(corrects ? { corrects } : {}) };
    form.dataset.body = JSON.stringify(body);
  };
  form.addEventListener("change", prepare);
  window.addEventListener("pageshow", prepare);
  prepare();

  form.addEventListener("selfcare-kept", (event) => {
    const card = document.querySelector("[data-crisis-card]");
    const asks = form.closest("[data-asks]");
    if (!crisis || !(Number(new FormData(form).get(crisis)) > 0)) return;
    if (!(card instanceof HTMLElement && asks instanceof HTMLElement)) return;
    event.preventDefault();
    form.reset();
    asks.hidden = true;
    card.hidden = false;
    window.scrollTo(0, 0);
    card.focus();
  });
}

const form = document.querySelector("form[data-questionnaire]");
if (form instanceof HTMLFormElement) start(form);
