// The documents that are open here, and which one is looked at. They stay while other views are shown.
import { Watched } from "../parts/watch.js";
import { session } from "../shell/session.js";
import { toLink, USUAL } from "./options.js";
import { Reading } from "./reading.js";

/** @typedef {import("./reading.js").Source} Source */
/** @typedef {import("./options.js").Options} Options */

/** Documents that are read at the same time; others wait. */
const AT_ONCE = 2;

class Desk extends Watched {
  constructor() {
    super();
    /** @type {Reading[]} */
    this.readings = [];
    /** @type {Reading | null} */
    this.current = null;
    this.options = { ...USUAL };
    this.hours = 1;
    session.farewells.add(() => this.clear());
  }

  /** Documents of one person are nobody else's. */
  clear() {
    for (const reading of this.readings) reading.forget();
    this.readings = [];
    Object.assign(this, { options: { ...USUAL }, hours: 1 });
    this.show(null);
  }

  /** @param {FileList | File[]} files */
  openFiles(files) {
    this.open([...files].map((file) => ({ file })));
  }

  /** Read these, with the options of now if nothing else is said; the first is shown. @param {Source[]} sources */
  open(sources, options = this.options) {
    const readings = sources.map((source) => new Reading(source, { ...options }, this.hours));
    if (!readings.length) return;
    this.readings.push(...readings);
    this.show(readings[0]);
    this.next();
  }

  /** Read the same document again, otherwise. @param {Reading} reading @param {import("./options.js").Options} options */
  again(reading, options) {
    const other = new Reading(reading.source, options, reading.hours);
    other.before = reading.file?.id ?? reading.before;
    other.owned = reading.owned;
    reading.owned = false;
    reading.forget();
    this.readings[this.readings.indexOf(reading)] = other;
    this.show(other);
    this.next();
  }

  /** The reading of that upload with these options, where there is one. @param {string} id @param {Options} options */
  find(id, options) {
    const told = toLink(options);
    const idOf = (/** @type {Reading} */ { file, source }) => file?.id ?? ("id" in source && source.id);
    return this.readings.find((reading) => idOf(reading) === id && toLink(reading.options) === told);
  }

  /** @param {Reading | null} reading */
  show(reading) {
    this.current = reading;
    this.changed();
  }

  /** @param {Reading} reading */
  close(reading) {
    reading.forget();
    this.readings = this.readings.filter((each) => each !== reading);
    if (this.current === reading) this.show(this.readings[0] ?? null);
    this.changed();
  }

  next() {
    const begun = this.readings.filter((reading) => reading.begun && reading.running);
    const waiting = this.readings.filter((reading) => !reading.begun);
    for (const reading of waiting.slice(0, Math.max(0, AT_ONCE - begun.length))) reading.run().finally(() => this.next());
  }
}

export const desk = new Desk();
