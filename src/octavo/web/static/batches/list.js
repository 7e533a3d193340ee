// All jobs, the newest first.
import { html, useEffect } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { Problem } from "../parts/problem.js";
import { useWatched } from "../parts/watch.js";
import { Link } from "../shell/link.js";
import { t } from "../words/index.js";
import { draft } from "./draft.js";
import { follow } from "./follow.js";
import { Heading } from "./heading.js";
import { jobs, PART } from "./jobs.js";
import { Draft } from "./new.js";
import { moment } from "./numbers.js";
import { Bar, done, speed } from "./progress.js";
import { nameOf, State } from "./state.js";

/** @param {{page: number}} props from 0 */
export function List({ page }) {
  useWatched(jobs);
  useWatched(draft);
  useEffect(() => {
    jobs.turnTo(page);
    return follow(
      () => jobs.look(),
      () => jobs.moves,
    );
  }, [page]);
  if (jobs.error && (!jobs.known || jobs.error.status === 404)) return html`<${Missing} error=${jobs.error} />`;
  if (!jobs.known || jobs.page !== page) return html`<${Loading} />`;
  if (!jobs.total) return html`<${Draft} first=${true} />`;
  return html`
    <div class="batches">
      <header class="batches-head">
        <${Heading}>${t("batches.title")}<//>
        <${Link} to="batches?new=1" class="button main"><${Icon} name="more" />${t("batches.new")}<//>
      </header>
      ${draft.state !== "choosing" && html`<${Sending} />`}
      ${jobs.error && jobs.error.status > 0 && html`<${Problem} error=${jobs.error} />`}
      <ol class="jobs" aria-label=${t("batches.title")}>${jobs.jobs.map((job) => html`<${Row} key=${job.id} job=${job} />`)}</ol>
      ${jobs.total > PART && html`<${Parts} page=${page} />`}
    </div>
  `;
}

/** @param {{job: import("../wire/types.js").Job}} props */
function Row({ job }) {
  const name = nameOf(job);
  const told = [done(job), job.octavo.pages > 0 && t("job.pages", { count: job.octavo.pages }), ...speed(job, jobs.paceOf(job))];
  return html`
    <li class="job-row">
      <div class="job-name"><${Link} to=${`batches?job=${job.id}`}>${name}<//><small>${moment(job.created_at)}</small></div>
      <${State} job=${job} />
      <div class="job-far">
        <${Bar} job=${job} label=${name} />
        <small>${told.filter(Boolean).join(" · ")}${job.failed_requests > 0 && html`<span class="failed"> · ${t("job.failed", { count: job.failed_requests })}</span>`}</small>
      </div>
    </li>
  `;
}

/** @param {{page: number}} props */
function Parts({ page }) {
  const last = Math.ceil(jobs.total / PART) - 1;
  const to = (/** @type {number} */ other) => (other ? `batches?page=${other + 1}` : "batches");
  return html`
    <nav class="parts" aria-label=${t("batches.parts")}>
      ${page > 0 && html`<${Link} to=${to(page - 1)} class="button small"><${Icon} name="back" />${t("batches.newer")}<//>`}
      <span>${t("batches.part", { at: page + 1, all: last + 1 })}</span>
      ${page < last && html`<${Link} to=${to(page + 1)} class="button small">${t("batches.older")}<${Icon} name="forward" /><//>`}
    </nav>
  `;
}

/** A new batch is on its way to the server meanwhile. */
function Sending() {
  const { sent, count } = draft.far;
  const halted = draft.state === "halted";
  return html`
    <p class=${halted ? "note bad" : "note calm"} role="status">
      <${Icon} name=${halted ? "bell" : "up"} /><span>${halted ? t("batches.halted", { count: count - sent, all: count }) : t("batches.sending", { sent, count })} <${Link} to="batches?new=1">${t("batches.look")}<//></span>
    </p>
  `;
}

function Loading() {
  return html`
    <div class="batches" aria-busy="true">
      <header class="batches-head"><h1>${t("batches.title")}</h1></header>
      <div class="skeleton" role="status" aria-label=${t("batches.loading")}><i></i><i></i><i></i><i></i></div>
    </div>
  `;
}

/** @param {{error: import("../wire/requests.js").Refusal}} props */
function Missing({ error }) {
  const none = error.status === 404;
  return html`
    <div class="start">
      <h1>${t(none ? "batches.none" : "batches.failed")}</h1>
      ${none ? html`<p class="lead">${t("batches.none.lead")}</p>` : html`<${Problem} error=${error} />`}
      <div class="drop-actions">
        ${none ? html`<${Link} to="./" class="button main">${t("batches.none.read")}<//>` : html`<button class="button" onClick=${() => jobs.look()}>${t("again")}</button>`}
      </div>
    </div>
  `;
}
