// How fast a job goes, from what it told each time that it was asked.

/** @typedef {import("../wire/types.js").Job} Job */

/** Seconds after which an older speed hardly counts, and requests: where each takes long, they are done by leaps. */
const MEMORY = 45;
const REQUESTS = 8;
/** Seconds: finer guesses are not to be had, and those beyond a month are none. */
const STEP = 5;
const LONGEST = 30 * 86_400;

export class Pace {
  constructor() {
    /** Requests and pages in a second; null until some are done. @type {{requests: number, pages: number} | null} */
    this.speed = null;
    /** @type {{at: number, done: number, pages: number} | null} */
    this.before = null;
  }

  /** @param {Job} job @param {number} now the server's time, in seconds */
  note(job, now) {
    const seen = { at: now, done: job.completed_requests, pages: job.octavo.pages };
    // What was done before anybody looked is known since the job began.
    const from = this.before ?? (job.started_at !== null ? { at: job.started_at, done: 0, pages: 0 } : seen);
    const seconds = seen.at - from.at;
    // Until the first is done, nothing is known but that it takes as long as this.
    if (seconds < 1 || (!this.speed && seen.done === from.done)) return;
    this.before = seen;
    this.take({ requests: (seen.done - from.done) / seconds, pages: (seen.pages - from.pages) / seconds }, seconds);
  }

  /** @param {{requests: number, pages: number}} fresh @param {number} seconds */
  take(fresh, seconds) {
    const old = this.speed ?? fresh;
    const weight = 1 - Math.exp(-seconds / Math.max(MEMORY, REQUESTS / (old.requests || Infinity)));
    this.speed = {
      requests: old.requests + (fresh.requests - old.requests) * weight,
      pages: old.pages + (fresh.pages - old.pages) * weight,
    };
  }

  /** Pages in a minute; null: not known yet. */
  get pagesPerMinute() {
    return this.speed && this.speed.pages * 60;
  }

  /** Seconds, in steps; null: not known yet, or nothing moves. @param {Job} job */
  left(job) {
    const open = job.total_requests - job.completed_requests;
    const seconds = open / (this.speed?.requests ?? 0);
    return open > 0 && seconds < LONGEST ? Math.ceil(seconds / STEP) * STEP : null;
  }
}
