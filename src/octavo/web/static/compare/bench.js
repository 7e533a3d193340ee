// The document that is compared, the page of it, and its two readings. They stay while other views are shown.
import { Watched } from "../parts/watch.js";
import { Reading } from "../read/reading.js";
import { session } from "../shell/session.js";
import { askJson } from "../wire/requests.js";
import { keepsResults } from "../wire/server.js";
import { forget, store } from "../wire/store.js";
import { SIDES, sideOf, START } from "./sides.js";

/** @typedef {import("./sides.js").Side} Side */
/** @typedef {import("./sides.js").Options} Options */
/** @typedef {import("../wire/store.js").Source} Source */

/** Pages that are kept here as they were read. */
const MOST_KEPT = 24;
/** Milliseconds that a page is looked at before it is read: whoever leafs on wants another. */
const REST = 200;

class Bench extends Watched {
  constructor() {
    super();
    /** @type {import("../wire/types.js").StoredFile | null} */
    this.file = null;
    /** Whether there may be links to it. */
    this.linked = false;
    /** Whether it was uploaded for this comparison alone. */
    this.owned = false;
    this.index = 0;
    this.options = START;
    /** @type {Record<Side, Reading | null>} */
    this.readings = { left: null, right: null };
    this.password = "";
    /** @type {string[]} */
    this.models = [];
    /** @type {AbortController | null} of the document that is on its way */
    this.opening = null;
    this.sent = 0;
    /** @type {Error | null} */
    this.error = null;
    /** @type {Map<string, Reading>} */
    this.kept = new Map();
    this.pages = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.rest = undefined;
    session.farewells.add(() => this.close(START));
    addEventListener("pagehide", (event) => event.persisted || this.forget());
  }

  /** How many pages the document has; 0 until somebody said so. */
  get pageCount() {
    return Math.max(this.pages, ...SIDES.map((side) => this.readings[side]?.pageCount ?? 0));
  }

  /**
   * Compare another document.
   * @param {Source} source
   * @param {{index?: number, options?: import("./sides.js").Pair, password?: string}} [how]
   */
  async open(source, { index = 0, options = this.options, password = "" } = {}) {
    this.close();
    const opening = (this.opening = new AbortController());
    Object.assign(this, { index, options, password, sent: 0 });
    this.changed();
    const sent = (/** @type {number} */ share) => {
      this.sent = share;
      this.changed();
    };
    try {
      const file = await store(source, { hours: 1, sent, signal: opening.signal });
      const linked = await keepsResults();
      const owned = !("id" in source);
      if (this.opening === opening) this.take({ file, linked, owned });
      else if (owned && !linked) forget(file.id);
    } catch (error) {
      if (this.opening === opening) this.error = /** @type {Error} */ (error);
    }
    if (this.opening === opening) this.opening = null;
    this.changed();
  }

  /** @param {{file: import("../wire/types.js").StoredFile, linked: boolean, owned: boolean}} brought */
  take(brought) {
    Object.assign(this, brought);
    this.read();
  }

  /** Where nothing is kept, an upload goes at once, and not with its expiry alone. */
  forget() {
    if (this.file && this.owned && !this.linked) forget(this.file.id);
  }

  /** @param {import("./sides.js").Pair} [options] of the next comparison */
  close(options = this.options) {
    this.opening?.abort();
    this.forget();
    clearTimeout(this.rest);
    for (const reading of this.kept.values()) reading.stop();
    this.kept.clear();
    this.readings = { left: null, right: null };
    Object.assign(this, { options, opening: null, file: null, error: null, index: 0, pages: 0, password: "" });
    this.changed();
  }

  /** Show another page. @param {number} index */
  turn(index) {
    const last = this.pageCount ? this.pageCount - 1 : index;
    const wanted = Math.max(0, Math.min(Math.trunc(index) || 0, last));
    if (wanted === this.index) return this.changed();
    this.index = wanted;
    this.read(REST);
  }

  /** Read one side otherwise. @param {Side} side @param {Options} options */
  change(side, options) {
    this.options = { ...this.options, [side]: sideOf(options) };
    this.read();
  }

  /** Read one side again, which failed or was stopped. @param {Side} side */
  again(side) {
    this.kept.delete(this.keyOf(side));
    this.read();
  }

  /** @param {string} password of the document */
  unlock(password) {
    this.password = password;
    this.kept.clear();
    this.read();
  }

  /** Have both sides of the page read that were not yet. @param {number} [rest] milliseconds to wait first */
  read(rest = 0) {
    this.pages = this.pageCount;
    const before = SIDES.map((side) => this.readings[side]);
    for (const side of SIDES) this.readings[side] = this.readingOf(side);
    for (const reading of before) if (reading && !SIDES.some((side) => this.readings[side] === reading)) this.leave(reading);
    clearTimeout(this.rest);
    const run = () => SIDES.forEach((side) => !this.readings[side]?.begun && this.readings[side]?.run());
    this.rest = setTimeout(run, rest);
    this.changed();
  }

  /** @param {Side} side */
  readingOf(side) {
    const key = this.keyOf(side);
    const found = this.kept.get(key);
    if (found) return found;
    const own = { pages: String(this.index + 1), password: this.password, include_image_base64: false };
    const reading = new Reading({ id: this.file?.id ?? "" }, { ...this.options[side], ...own }, 1);
    this.kept.set(key, reading);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT) this.kept.delete(oldest);
    return reading;
  }

  /** Nobody looks at it any more: what is not done is forgotten. @param {Reading} reading */
  leave(reading) {
    if (reading.state === "done") return;
    reading.stop();
    for (const [key, each] of this.kept) if (each === reading) this.kept.delete(key);
  }

  /** @param {Side} side */
  keyOf(side) {
    return JSON.stringify([this.index, this.options[side]]);
  }

  /** Ask which models there are, once; other names of a model are no others. */
  async learnModels() {
    if (this.models.length) return;
    const { data } = await askJson("v1/models").catch(() => ({ data: [] }));
    this.models = [...new Set(data.map((/** @type {{name: string}} */ { name }) => name))];
    this.changed();
  }
}

export const bench = new Bench();
