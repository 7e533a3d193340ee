// One job, as long as somebody looks at it.
import { Watched } from "../parts/watch.js";
import { askJson } from "../wire/requests.js";
import { failuresOf, requestsOf } from "./failures.js";
import { askTimed, jobs, lost } from "./jobs.js";
import { isOver } from "./state.js";

/** @typedef {import("../wire/types.js").Job} Job */
/** @typedef {import("../wire/requests.js").Refusal} Refusal */

export class JobLook extends Watched {
  /** @param {string} id */
  constructor(id) {
    super();
    this.id = id;
    /** @type {Job | null} */
    this.job = jobs.jobs.find((job) => job.id === id) ?? null;
    /** Why it cannot be shown, or is not up to date. @type {Refusal | null} */
    this.error = null;
    /** @type {import("./failures.js").Failure[] | null} */
    this.failures = null;
    /** @type {Error | null} */
    this.failuresError = null;
    /** The first of its requests, as far as files hold them. @type {import("./failures.js").Request[] | null} */
    this.requests = null;
    /** Whether it is of requests that failed in another job. */
    this.repeats = false;
    /** @type {Error | null} */
    this.requestsError = null;
    this.asked = false;
    this.abort = new AbortController();
  }

  get address() {
    return `v1/batch/jobs/${encodeURIComponent(this.id)}`;
  }

  /** Whether it makes sense to ask again by itself. */
  get moves() {
    if (this.error) return this.error.status !== 404;
    return !this.job || !isOver(this.job);
  }

  async look() {
    try {
      const { told, now } = await askTimed(this.address);
      this.hear(told, now);
    } catch (error) {
      this.error = lost(error);
    }
    this.changed();
  }

  /** @param {Job} job @param {number} [now] */
  hear(job, now) {
    this.job = job;
    this.error = null;
    if (now !== undefined && !isOver(job)) jobs.paceOf(job).note(job, now);
    if (job.error_file && !this.failures && !this.failuresError) this.readFailures(job.error_file);
    if (!this.asked) this.readRequests(job);
    this.changed();
  }

  /** @param {string} file */
  async readFailures(file) {
    try {
      this.failures = await failuresOf(file, this.abort.signal);
    } catch (error) {
      this.failuresError = /** @type {Error} */ (error);
    }
    this.changed();
  }

  /** @param {Job} job */
  async readRequests(job) {
    this.asked = true;
    try {
      const found = await requestsOf(job, this.abort.signal);
      this.repeats = found === null;
      this.requests = found ?? [];
    } catch (error) {
      this.requestsError = /** @type {Error} */ (error);
    }
    this.changed();
  }

  async cancel() {
    this.hear(await askJson(`${this.address}/cancel`, { method: "POST" }));
  }

  /** @returns {Promise<Job>} a new one, of the lines that failed */
  retry() {
    return askJson(`${this.address}/retry`, { method: "POST" });
  }

  /** @param {boolean} withResults whether what it left goes as well; first, so that it can be tried again */
  async remove(withResults) {
    const files = withResults ? [this.job?.output_file, this.job?.error_file] : [];
    for (const file of files) if (file) await askJson(`v1/files/${file}`, { method: "DELETE" }).catch(unlessGone);
    await askJson(this.address, { method: "DELETE" });
    jobs.known = false;
  }
}

/** @param {Refusal} error */
function unlessGone(error) {
  if (error.status !== 404) throw error;
}
