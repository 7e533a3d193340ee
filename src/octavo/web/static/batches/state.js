// Where a job stands, in a word, a drawing and a colour.
import { html } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { t } from "../words/index.js";

/** @typedef {import("../wire/types.js").Job} Job */

const OVER = ["SUCCESS", "FAILED", "TIMEOUT_EXCEEDED", "CANCELLED"];

/** @type {Record<string, {look: string, icon: any}>} */
const LOOKS = {
  QUEUED: { look: "waits", icon: "clock" },
  RUNNING: { look: "runs", icon: "play" },
  SUCCESS: { look: "good", icon: "check" },
  PARTLY: { look: "warn", icon: "bell" },
  FAILED: { look: "bad", icon: "bell" },
  TIMEOUT_EXCEEDED: { look: "bad", icon: "clock" },
  CANCELLATION_REQUESTED: { look: "waits", icon: "stop" },
  CANCELLED: { look: "waits", icon: "stop" },
};

/** Nothing more will happen to it. @param {Job} job */
export function isOver(job) {
  return OVER.includes(job.status);
}

/** The API calls a job a success where lines failed: people want to be told. @param {Job} job */
export function stateOf(job) {
  if (job.status !== "SUCCESS" || !job.failed_requests) return job.status;
  return job.succeeded_requests ? "PARTLY" : "FAILED";
}

/** @param {{job: Job}} props */
export function State({ job }) {
  const state = stateOf(job);
  const { look, icon } = LOOKS[state] ?? LOOKS.QUEUED;
  return html`<span class="job-state ${look}" data-state=${state}><${Icon} name=${icon} />${t(`job.${state}`)}</span>`;
}

/** What somebody called the job, or what else tells it from others. @param {Job} job */
export function nameOf(job) {
  const told = job.metadata ?? {};
  return told["octavo-from"] || told.name || Object.values(told)[0] || t("job.unnamed", { id: job.id.slice(0, 8) });
}
