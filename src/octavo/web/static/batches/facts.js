// What is known of a job besides how far it is.
import { html } from "../parts/html.js";
import { t } from "../words/index.js";
import { optionsOf } from "./documents.js";
import { moment } from "./numbers.js";

/** @typedef {import("../wire/types.js").Job} Job */
/** @typedef {import("./failures.js").Request} Request */

/** @param {{look: import("./job_look.js").JobLook, job: Job}} props */
export function Facts({ look, job }) {
  const requests = look.requests ?? [];
  /** @type {[string, string | null | false][]} */
  const facts = [
    ["fact.created", moment(job.created_at)],
    ["fact.started", job.started_at !== null && moment(job.started_at)],
    ["fact.ended", job.completed_at !== null && moment(job.completed_at)],
    ["fact.model", job.model ?? shared(requests, ({ body }) => String(body.model ?? ""), "fact.model")],
    ["fact.options", requests.length > 0 && shared(requests, optionsOf, "fact.options")],
    ["fact.id", job.id],
  ];
  const others = Object.entries(job.metadata ?? {}).filter(([name]) => name !== "octavo-from");
  return html`
    <dl class="facts">
      ${facts.map(([key, value]) => value && html`<div key=${key}><dt>${t(key)}</dt><dd class=${key === "fact.id" ? "id" : ""}>${value}</dd></div>`)}
      ${others.map(([name, value]) => html`<div key=${`own ${name}`}><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
  `;
}

/** What all requests say, as far as they are known. @param {Request[]} requests @param {(request: Request) => string} say @param {string} key */
function shared(requests, say, key) {
  const told = new Set(requests.map(say));
  if (told.size > 1) return t(`${key}.varied`);
  return [...told][0] || t(`${key}.usual`);
}
