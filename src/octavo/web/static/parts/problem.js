// What went wrong, in the words of whoever refused, and what can be done.
import { t } from "../words/index.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";

/** @param {Error & {status?: number}} error */
export function wordsOf(error) {
  if (error.status === 0) return t("problem.unreachable");
  return error.message === "broken" ? t("problem.broken") : error.message;
}

/** @param {{error: Error & {status?: number}, title?: string, children?: any}} props */
export function Problem({ error, title, children }) {
  return html`
    <div class="note bad" role="alert">
      <${Icon} name="bell" />
      <div>
        ${title && html`<p><strong>${title}</strong></p>`}
        <p>${wordsOf(error)}</p>
        ${children}
      </div>
    </div>
  `;
}
