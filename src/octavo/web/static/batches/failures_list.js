// The lines of a job that failed, each with its reason.
import { html } from "../parts/html.js";
import { Problem } from "../parts/problem.js";
import { Link } from "../shell/link.js";
import { locale, t } from "../words/index.js";
import { readingOf } from "./documents.js";

/** @typedef {import("./failures.js").Failure} Failure */

/** @param {{look: import("./job_look.js").JobLook, job: import("../wire/types.js").Job}} props */
export function Failures({ look, job }) {
  if (!job.failed_requests) return null;
  return html`
    <section class="job-failures">
      <h2>${t("failures", { count: job.failed_requests })}</h2>
      ${look.failuresError && html`<${Problem} error=${look.failuresError} title=${t("failures.unread")} />`}
      ${look.failures ? html`<${Lines} look=${look} failures=${look.failures} count=${job.failed_requests} />` : html`<${Kinds} job=${job} />`}
    </section>
  `;
}

/** While it runs, only kinds of failures are known. @param {{job: import("../wire/types.js").Job}} props */
function Kinds({ job }) {
  return html`<ul class="kinds">${job.errors.map(({ message, count }) => html`<li key=${message}><b>${count.toLocaleString(locale())} ×</b> ${message}</li>`)}</ul>`;
}

/** @param {{look: import("./job_look.js").JobLook, failures: Failure[], count: number}} props */
function Lines({ look, failures, count }) {
  return html`
    <div class="table-scroll" tabindex="0" role="region" aria-label=${t("failures", { count })}>
      <table>
        <thead><tr><th scope="col">${t("failures.line")}</th><th scope="col">${t("failures.name")}</th><th scope="col">${t("failures.reason")}</th></tr></thead>
        <tbody>
          ${failures.map((failure, at) => html`<tr key=${at}><td class="number">${failure.line || ""}</td><td class="name"><${Name} look=${look} failure=${failure} /></td><td>${failure.reason}</td></tr>`)}
        </tbody>
      </table>
    </div>
    ${count > failures.length && html`<p class="rest">${t("failures.more", { count: count - failures.length })}</p>`}
  `;
}

/** What failed, to be opened by itself where it is a file of this server. @param {{look: import("./job_look.js").JobLook, failure: Failure}} props */
function Name({ look, failure }) {
  const request = look.requests?.find(({ line }) => line === failure.line);
  return request?.file ? html`<${Link} to=${readingOf(request)}>${failure.name}<//>` : failure.name;
}
