// How far a job is: a bar, and what it means in numbers.
import { html } from "../parts/html.js";
import { t } from "../words/index.js";
import { rate, span } from "./numbers.js";
import { isOver } from "./state.js";

/** @typedef {import("../wire/types.js").Job} Job */

/** @param {{job: Job, label: string}} props */
export function Bar({ job, label }) {
  const of = Math.max(1, job.total_requests);
  const part = (/** @type {number} */ count) => ({ width: `${(100 * count) / of}%` });
  return html`
    <span class="job-bar" role="progressbar" aria-label=${label} aria-valuemin="0" aria-valuemax=${job.total_requests} aria-valuenow=${job.completed_requests} aria-valuetext=${done(job)}>
      <i class="done" style=${part(job.succeeded_requests)}></i><i class="failed" style=${part(job.failed_requests)}></i>
    </span>
  `;
}

/** @param {Job} job */
export function done(job) {
  if (isOver(job) && job.completed_requests === job.total_requests) return t("job.requests", { count: job.total_requests });
  return t("job.done", { done: job.completed_requests, count: job.total_requests });
}

/** What is to be said of its speed, while it runs. @param {Job} job @param {import("./pace.js").Pace} pace */
export function speed(job, pace) {
  if (job.status !== "RUNNING") return [];
  const pages = pace.pagesPerMinute;
  const left = pace.left(job);
  const told = pages === null ? [] : [t("job.speed", { number: rate(pages) })];
  return left === null ? told : [...told, t("job.left", { time: span(left) })];
}
