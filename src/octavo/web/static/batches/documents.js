// The documents of a job, where they are files of this server: each can be opened and read by itself.
import { html } from "../parts/html.js";
import { Problem } from "../parts/problem.js";
import { toLink, USUAL } from "../read/options.js";
import { Link } from "../shell/link.js";
import { t } from "../words/index.js";

/** @typedef {import("../wire/types.js").Job} Job */
/** @typedef {import("./failures.js").Request} Request */

/** @param {{look: import("./job_look.js").JobLook, job: Job}} props */
export function Documents({ look, job }) {
  if (!job.input_files.length) return null;
  return html`
    <details class="options job-documents">
      <summary>${t("documents.of")}<small>${t("documents.lead")}</small></summary>
      <div class="inside"><${Inside} look=${look} job=${job} /></div>
    </details>
  `;
}

/** @param {{look: import("./job_look.js").JobLook, job: Job}} props */
function Inside({ look: { requests, requestsError, repeats }, job }) {
  if (requestsError) return html`<${Problem} error=${requestsError} title=${t("documents.unread")} />`;
  if (!requests) return html`<div class="skeleton"><i></i><i></i></div>`;
  if (!requests.length) return html`<p>${t(repeats ? "documents.none" : "documents.large")}</p>`;
  return html`
    <ol class="documents">${requests.map((request) => html`<li key=${request.line}><${Name} request=${request} /></li>`)}</ol>
    ${job.total_requests > requests.length && html`<p class="rest">${t("documents.more", { count: job.total_requests - requests.length })}</p>`}
  `;
}

/** @param {{request: Request}} props */
function Name({ request }) {
  const name = request.name || t("batches.line", { number: request.line });
  return request.file ? html`<${Link} to=${readingOf(request)}>${name}<//>` : name;
}

/** What is asked of a document besides itself, in words of the API. @param {Request} request */
export function optionsOf({ body }) {
  const { document: _, model: __, octavo, ...options } = body;
  const told = Object.entries({ ...options, ...octavo }).filter(([name]) => name !== "password");
  return told.map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ");
}

/** The address of the Read view for a request: the same file, the same options. @param {Request} request */
export function readingOf({ file, body }) {
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
