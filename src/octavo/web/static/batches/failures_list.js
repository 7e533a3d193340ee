// The lines of a job that failed, each with its reason.
import { html } from "../parts/html.js";
import { Problem } from "../parts/problem.js";
import { locale, t } from "../words/index.js";

/** @param {{look: import("./job_look.js").JobLook, job: import("../wire/types.js").Job}} props */
export function Failures({ look, job }) {
  if (!job.failed_requests) return null;
  return html`
    <section class="job-failures">
      <h2>${t("failures", { count: job.failed_requests })}</h2>
      ${look.failuresError && html`<${Problem} error=${look.failuresError} title=${t("failures.unread")} />`}
      ${look.failures ? html`<${Lines} failures=${look.failures} count=${job.failed_requests} />` : html`<${Kinds} job=${job} />`}
    </section>
  `;
}

/** While it runs, only kinds of failures are known. @param {{job: import("../wire/types.js").Job}} props */
function Kinds({ job }) {
  return html`<ul class="kinds">${job.errors.map(({ message, count }) => html`<li key=${message}><b>${count.toLocaleString(locale())} ×</b> ${message}</li>`)}</ul>`;
}

/** @param {{failures: import("./failures.js").Failure[], count: number}} props */
function Lines({ failures, count }) {
  return html`
    <div class="table-scroll" tabindex="0" role="region" aria-label=${t("failures", { count })}>
      <table>
        <thead><tr><th scope="col">${t("failures.line")}</th><th scope="col">${t("failures.name")}</th><th scope="col">${t("failures.reason")}</th></tr></thead>
        <tbody>
          ${failures.map(({ line, name, reason }, at) => html`<tr key=${at}><td class="number">${line || ""}</td><td class="name">${name}</td><td>${reason}</td></tr>`)}
        </tbody>
      </table>
    </div>
    ${count > failures.length && html`<p class="rest">${t("failures.more", { count: count - failures.length })}</p>`}
  `;
}
