// The documents of a job, where they are files of this server: each can be opened and read by itself.
import { html, useEffect, useState } from "../parts/html.js";
import { Problem } from "../parts/problem.js";
import { toLink, USUAL } from "../read/options.js";
import { Link } from "../shell/link.js";
import { askJson } from "../wire/requests.js";
import { t } from "../words/index.js";
import { requestsOf } from "./failures.js";

/** @typedef {import("../wire/types.js").Job} Job */
/** @typedef {import("./failures.js").Request} Request */

/** @param {{job: Job}} props */
export function Documents({ job }) {
  const [open, show] = useState(false);
  if (!job.input_files.length) return null;
  return html`
    <details class="options job-documents" onToggle=${(/** @type {any} */ event) => show(event.currentTarget.open)}>
      <summary>${t("documents.of")}<small>${t("documents.lead")}</small></summary>
      ${open && html`<${Asked} job=${job} />`}
    </details>
  `;
}

/** @param {{job: Job}} props */
function Asked({ job }) {
  const [requests, found] = useState(/** @type {Request[] | null} */ (null));
  const [error, failed] = useState(/** @type {Error | null} */ (null));
  useEffect(() => {
    const abort = new AbortController();
    requestsFor(job, abort.signal).then(found, (error) => abort.signal.aborted || failed(error));
    return () => abort.abort();
  }, [job.id]);
  if (error) return html`<div class="inside"><${Problem} error=${error} title=${t("documents.unread")} /></div>`;
  if (!requests) return html`<div class="inside skeleton"><i></i><i></i></div>`;
  if (!requests.length) return html`<p class="inside">${t("documents.none")}</p>`;
  return html`
    <ol class="inside documents">
      ${requests.map((request) => html`<li key=${request.line}>${request.file ? html`<${Link} to=${readingOf(request)}>${request.name || request.file}<//>` : request.name || t("batches.line", { number: request.line })}</li>`)}
      ${job.total_requests > requests.length && html`<li class="rest">${t("documents.more", { count: job.total_requests - requests.length })}</li>`}
    </ol>
  `;
}

/** The first requests; none where the job is of some lines of its files alone, which nobody tells. @param {Job} job @param {AbortSignal} signal */
async function requestsFor(job, signal) {
  const files = await Promise.all(job.input_files.map((file) => askJson(`v1/files/${file}`, { signal })));
  const lines = files.reduce((sum, file) => sum + (file.num_lines ?? 0), 0);
  return lines === job.total_requests ? requestsOf(job.input_files[0], signal) : [];
}

/** The address of the Read view for a request: the same file, the same options. @param {Request} request */
function readingOf({ file, body }) {
  const own = body.octavo ?? {};
  const options = {
    ...USUAL,
    pages: fromOne(body.pages),
    table_format: text(body.table_format),
    extract_header: body.extract_header === true,
    extract_footer: body.extract_footer === true,
    image_limit: text(body.image_limit),
    image_min_size: text(body.image_min_size),
    text_layer: text(own.text_layer),
    languages: Array.isArray(own.languages) ? own.languages.join(", ") : "",
    dpi: text(own.dpi),
    model: text(body.model),
  };
  const query = new URLSearchParams({ file: file ?? "" });
  const told = toLink(options);
  if (told) query.set("options", told);
  return `./?${query}`;
}

/** @param {unknown} value */
function text(value) {
  return value === undefined || value === null ? "" : String(value);
}

/** Pages as people count them. @param {unknown} pages of a request */
function fromOne(pages) {
  const told = Array.isArray(pages) ? pages.join(",") : text(pages);
  return told.replace(/\d+/g, (number) => String(Number(number) + 1));
}
