// How the server is doing, asked for again and again while somebody looks; the last answer stays when there is no other.
import { Watched } from "../parts/watch.js";
import { session } from "../shell/session.js";
import { askJson, Refusal } from "../wire/requests.js";

/** @typedef {import("../wire/types.js").Status} Status */
/** @typedef {{at: number, busy: number | null, waiting: number | null}} Sample what was true at a moment, in ms; null is a gap */

const EVERY = 2000;
/** After so many ms without an answer, there is none. */
const PATIENCE = 10_000;
/** So many ms of samples are kept. */
export const LOOKED_BACK = 120_000;
const GAP = 8000;

class Service extends Watched {
  constructor() {
    super();
    /** @type {Status | null} */
    this.status = null;
    /** @type {Record<string, string>} what each model is, by its id */
    this.descriptions = {};
    /** @type {Sample[]} */
    this.samples = [];
    this.heardAt = 0;
    /** @type {Refusal | null} why the last question has no answer */
    this.error = null;
    this.lookers = 0;
    /** @type {AbortController | null} */
    this.asking = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer;
    document.addEventListener("visibilitychange", () => this.settle());
    session.farewells.add(() => this.forget());
  }

  /** What one person was told is nobody else's. */
  forget() {
    Object.assign(this, { status: null, descriptions: {}, samples: [], heardAt: 0, error: null });
    this.changed();
  }

  /** Somebody looks, until what is returned is called. */
  look() {
    this.lookers += 1;
    this.settle();
    return () => {
      this.lookers -= 1;
      this.settle();
    };
  }

  settle() {
    const wanted = this.lookers > 0 && !document.hidden;
    if (wanted && !this.asking) this.ask();
    if (wanted) return;
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
  }

  async ask() {
    const asking = new AbortController();
    this.asking = asking;
    const signal = AbortSignal.any([asking.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      const status = await askJson("v1/status", { signal });
      if (status.started_at !== this.status?.started_at) await this.meet(signal);
      if (!asking.signal.aborted) this.hear(status);
    } catch (error) {
      // What breaks off in the middle of an answer is no answer either.
      if (!asking.signal.aborted) this.error = error instanceof Refusal ? error : new Refusal(0, "");
    }
    if (asking.signal.aborted) return;
    this.changed();
    this.timer = setTimeout(() => this.ask(), EVERY);
  }

  /** This server was not seen before. @param {AbortSignal} signal */
  async meet(signal) {
    /** @type {{data: {id: string, description: string}[]}} */
    const models = await askJson("v1/models", { signal });
    this.descriptions = Object.fromEntries(models.data.map((card) => [card.id, card.description]));
    this.samples = [];
  }

  /** @param {Status} status */
  hear(status) {
    const now = Date.now();
    if (now - this.heardAt > GAP) this.samples.push({ at: now - 1, busy: null, waiting: null });
    this.samples.push({ at: now, busy: status.workers.busy, waiting: status.queue.waiting_requests + status.queue.waiting_batch });
    this.samples = this.samples.filter((sample) => sample.at > now - LOOKED_BACK);
    this.status = status;
    this.heardAt = now;
    this.error = null;
  }
}

export const service = new Service();
