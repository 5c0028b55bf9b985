// @ts-check
// The kit's own parts that our pages use: the summary of errors takes the focus and leads to its fields; a password
// can be shown.
import { ErrorSummary } from "nhsuk-frontend/dist/nhsuk/components/error-summary/error-summary.mjs";
import { PasswordInput } from "nhsuk-frontend/dist/nhsuk/components/password-input/password-input.mjs";

export function startKit() {
  document.body.classList.add("nhsuk-frontend-supported");
  for (const Part of [ErrorSummary, PasswordInput]) {
    for (const root of document.querySelectorAll(`[data-module="${Part.moduleName}"]`)) {
      try {
        new Part(root);
      } catch {
        // The page works without it: a part that cannot start must not keep the others from starting.
      }
    }
  }
}
