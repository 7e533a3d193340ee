// The jobs of this person, a part of the list at a time. They stay while other views are shown.
import { Watched } from "../parts/watch.js";
import { session } from "../shell/session.js";
import { ask } from "../wire/requests.js";
import { Pace } from "./pace.js";
import { isOver } from "./state.js";

/** @typedef {import("../wire/types.js").Job} Job */
/** @typedef {import("../wire/requests.js").Refusal} Refusal */

export const PART = 20;

class Jobs extends Watched {
  constructor() {
    super();
    this.owner = session.owner;
    /** From 0. */
    this.page = 0;
    this.known = false;
    /** @type {Job[]} */
    this.jobs = [];
    this.total = 0;
    /** @type {Refusal | null} */
    this.error = null;
    /** @type {Map<string, Pace>} */
    this.paces = new Map();
    session.farewells.add(() => this.forget());
  }

  /** What somebody else saw is nobody's business. */
  forget() {
    if (this.owner === session.owner) return;
    this.owner = session.owner;
    this.known = false;
    this.jobs = [];
    this.paces.clear();
  }

  /** Show another part. @param {number} page from 0 */
  turnTo(page) {
    if (this.page !== page) this.known = false;
    this.page = page;
  }

  /** Whether it makes sense to ask again by itself. */
  get moves() {
    return this.error ? this.error.status !== 404 : this.jobs.some((job) => !isOver(job));
  }

  async look() {
    const { page } = this;
    try {
      const { told, now } = await askTimed(`v1/batch/jobs?page=${page}&page_size=${PART}`);
      if (page !== this.page) return;
      this.hear(told, now);
    } catch (error) {
      this.error = lost(error);
    }
    this.changed();
  }

  /** @param {{data: Job[], total: number}} told @param {number} now */
  hear(told, now) {
    this.known = true;
    this.error = null;
    this.jobs = told.data;
    this.total = told.total;
    for (const job of this.jobs) if (!isOver(job)) this.paceOf(job).note(job, now);
  }

  /** @param {Job} job */
  paceOf(job) {
    const pace = this.paces.get(job.id) ?? new Pace();
    this.paces.set(job.id, pace);
    return pace;
  }
}

export const jobs = new Jobs();

/** What went wrong; a server that is gone is told of all over the workbench. @param {unknown} error */
export function lost(error) {
  const refusal = /** @type {Refusal} */ (error);
  if (refusal.status === 0 && !session.offline) session.ask();
  return refusal;
}

/**
 * An answer, and when the server gave it: clocks of other computers may be wrong.
 * @param {string} path
 * @returns {Promise<{told: any, now: number}>} `now` in seconds
 */
export async function askTimed(path) {
  const response = await ask(path);
  const now = Date.parse(response.headers.get("Date") ?? "") || Date.now();
  return { told: await response.json(), now: now / 1000 };
}
