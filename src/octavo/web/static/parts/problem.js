// What went wrong, in the words of whoever refused, and what can be done.
import { Refusal, UNREADABLE } from "../wire/requests.js";
import { t } from "../words/index.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { toast } from "./toasts.js";

/** What proxies say of a server that does not answer them. */
const BETWEEN = [502, 503, 504];

/** @param {Error & {status?: number}} error */
export function wordsOf(error) {
  if (error.status === 0) return t("problem.unreachable");
  if (error.message === "broken") return t("problem.broken");
  return error.message || wordsOfStatus(error.status ?? 0);
}

/** Whoever stands before the server, such as a proxy, refuses without words that are worth showing. @param {number} status */
function wordsOfStatus(status) {
  if (status === UNREADABLE) return t("problem.unreadable");
  if (status === 401 || status === 403) return t("problem.forbidden", { status });
  if (status === 413) return t("problem.large");
  if (status === 429) return t("problem.busy");
  return BETWEEN.includes(status) ? t("problem.between", { status }) : t("problem.wordless", { status });
}

/** Say in passing what did not come. An error of another kind is one within a script. @param {Error} error */
export function tellLost(error) {
  // Scripts that are loaded late tell a server that is gone in this way.
  const lost = error instanceof TypeError ? new Refusal(0, "") : error;
  if (!(lost instanceof Refusal)) throw error;
  toast(wordsOf(lost));
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
