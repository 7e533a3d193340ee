// The files of a new batch: what failed first, then the others, each with how far it is.
import { html } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { wordsOf } from "../parts/problem.js";
import { useWatched } from "../parts/watch.js";
import { t } from "../words/index.js";
import { draft } from "./draft.js";
import { size } from "./numbers.js";

/** @typedef {import("./item.js").Item} Item */

/** Rows that are drawn; thousands would be slow, and nobody reads them. */
const MOST_ROWS = 200;

export function Files() {
  const { items } = draft;
  const failed = items.filter((item) => item.state === "failed");
  const rows = [...failed, ...items.filter((item) => item.state !== "failed")].slice(0, MOST_ROWS);
  const bytes = items.reduce((sum, item) => sum + item.file.size, 0);
  const counted = t(draft.isRequests ? "batches.requests.count" : "batches.count", { count: items.length });
  return html`
    <section class="draft-files" aria-label=${counted}>
      <h2>${counted}<small>${size(bytes)}</small></h2>
      <ul tabindex="0" aria-label=${counted}>
        ${rows.map((item) => html`<${Row} key=${item.number} item=${item} />`)}
        ${items.length > rows.length && html`<li class="rest">${t("batches.others", { count: items.length - rows.length })}</li>`}
      </ul>
    </section>
  `;
}

/** @param {{item: Item}} props */
function Row({ item }) {
  useWatched(item);
  const remove = (/** @type {Event & {currentTarget: HTMLElement}} */ { currentTarget }) => {
    // The button goes, the keyboard stays in the list.
    currentTarget.closest("ul")?.focus();
    draft.drop(item);
  };
  return html`
    <li data-state=${item.state}>
      <span class="file-name" title=${item.name}>${item.name}</span>
      <small>${size(item.file.size)}</small>
      <${Far} item=${item} />
      ${!draft.busy && html`<button class="button quiet small" onClick=${remove} title=${t("batches.remove")} aria-label=${`${t("batches.remove")}: ${item.name}`}><${Icon} name="close" /></button>`}
      ${item.error && html`<div class="file-error"><p>${why(item.error)}</p><${Complaints} lines=${item.error.lines} /></div>`}
    </li>
  `;
}

/** @param {import("../wire/requests.js").Refusal} error */
function why(error) {
  if (error.status < 0) return t("batches.unreadable");
  return error.lines.length ? t("batches.no.requests") : wordsOf(error);
}

/** @param {{item: Item}} props */
function Far({ item }) {
  if (item.state === "sent") return html`<span class="file-far good"><${Icon} name="check" />${sent(item)}</span>`;
  if (item.state === "failed") return html`<span class="file-far bad"><${Icon} name="bell" />${t("file.failed")}</span>`;
  return html`<span class="file-far">${item.state === "sending" ? t("state.sending", { share: Math.round(item.share * 100) }) : ""}</span>`;
}

/** @param {Item} item */
function sent(item) {
  const lines = item.stored?.num_lines;
  return item.purpose === "batch" && lines ? t("job.requests", { count: lines }) : t("file.sent");
}

/** What the server says of the lines of a file with requests. @param {{lines: {line: number, message: string}[]}} props */
function Complaints({ lines }) {
  if (!lines.length) return null;
  return html`
    <ol class="complaints">
      ${lines.map(({ line, message }) => html`<li key=${line}><b>${t("batches.line", { number: line })}</b> ${message}</li>`)}
    </ol>
  `;
}
