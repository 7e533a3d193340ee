// One job: how far it is, what failed, and what can be done with it.
import { html, useEffect, useState } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { Problem } from "../parts/problem.js";
import { useWatched } from "../parts/watch.js";
import { Link } from "../shell/link.js";
import { locale, t } from "../words/index.js";
import { Actions } from "./actions.js";
import { Documents } from "./documents.js";
import { Facts } from "./facts.js";
import { Failures } from "./failures_list.js";
import { follow } from "./follow.js";
import { Heading } from "./heading.js";
import { JobLook } from "./job_look.js";
import { jobs } from "./jobs.js";
import { rate, span } from "./numbers.js";
import { Bar } from "./progress.js";
import { isOver, nameOf, State, stateOf } from "./state.js";

/** @typedef {import("../wire/types.js").Job} JobTold */

/** @param {{id: string}} props */
export function Job({ id }) {
  const [look] = useState(() => new JobLook(id));
  useWatched(look);
  useEffect(() => {
    const ended = follow(
      () => look.look(),
      () => look.moves,
    );
    return () => (ended(), look.abort.abort());
  }, [look]);
  return html`
    <div class="batches job">
      <${Link} to="batches" class="back"><${Icon} name="back" />${t("batches.all")}<//>
      ${look.error?.status === 404 || !look.job ? html`<${Missing} look=${look} />` : html`<${Shown} look=${look} job=${look.job} />`}
    </div>
  `;
}

/** @param {{look: JobLook, job: JobTold}} props */
function Shown({ look, job }) {
  const name = nameOf(job);
  useEffect(() => {
    document.title = `${name} · Octavo`;
    return () => void (document.title = `${t("view.batches")} · Octavo`);
  }, [name]);
  return html`
    <header class="batches-head">
      <${Heading}>${name}<//>
      <span role="status"><${State} job=${job} /></span>
    </header>
    ${look.error && look.error.status > 0 && html`<${Problem} error=${look.error} />`}
    <${Note} job=${job} />
    <section class="job-card" aria-label=${t("progress")}>
      <${Bar} job=${job} label=${name} />
      <${Numbers} job=${job} />
    </section>
    <${Actions} look=${look} job=${job} />
    <${Failures} look=${look} job=${job} />
    <${Documents} look=${look} job=${job} />
    <${Facts} look=${look} job=${job} />
  `;
}

/** Where more is to be said than a word. @param {{job: JobTold}} props */
function Note({ job }) {
  const left = job.total_requests - job.completed_requests;
  const notes = { FAILED: "job.note.failed", TIMEOUT_EXCEEDED: "job.note.late", CANCELLED: "job.note.cancelled", QUEUED: "job.note.queued", CANCELLATION_REQUESTED: "job.note.stopping" };
  const nothing = job.status === "SUCCESS" && stateOf(job) === "FAILED";
  const key = nothing ? "job.note.all" : notes[/** @type {keyof typeof notes} */ (job.status)];
  if (!key) return null;
  const bad = nothing || job.status === "FAILED" || job.status === "TIMEOUT_EXCEEDED";
  return html`<p class=${bad ? "note bad" : "note calm"}><${Icon} name=${bad ? "bell" : "clock"} /><span>${t(key, { count: left })}</span></p>`;
}

/** @param {{job: JobTold}} props */
function Numbers({ job }) {
  const pace = jobs.paceOf(job);
  const runs = job.status === "RUNNING";
  const pages = pace.pagesPerMinute;
  const left = pace.left(job);
  /** @type {[string, any, string?][]} */
  const told = [
    ["number.done", t("number.of", { done: job.completed_requests, count: job.total_requests })],
    ["number.succeeded", job.succeeded_requests],
    ["number.failed", job.failed_requests, job.failed_requests ? "failed" : ""],
    ["number.pages", job.octavo.pages],
    ...(runs ? /** @type {[string, any][]} */ ([["number.speed", pages === null ? "…" : rate(pages)], ["number.left", left === null ? "…" : span(left)]]) : []),
    ...(isOver(job) && job.started_at && job.completed_at ? /** @type {[string, any][]} */ ([["number.took", span(job.completed_at - job.started_at)]]) : []),
  ];
  return html`
    <dl class="numbers">
      ${told.map(([key, value, look]) => html`<div key=${key} class=${look ?? ""}><dt>${t(key)}</dt><dd>${typeof value === "number" ? value.toLocaleString(locale()) : value}</dd></div>`)}
    </dl>
  `;
}

/** @param {{look: JobLook}} props */
function Missing({ look }) {
  if (!look.error) return html`<div class="skeleton" role="status" aria-label=${t("batches.loading")}><i></i><i></i><i></i></div>`;
  if (look.error.status !== 404) return html`<${Problem} error=${look.error} title=${t("job.unshown")} />`;
  return html`<div class="start"><${Heading}>${t("job.missing")}<//><p class="lead">${t("job.missing.lead")}</p></div>`;
}
