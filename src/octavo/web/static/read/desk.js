// The documents that are open here, and which one is looked at. They stay while other views are shown.
import { Watched } from "../parts/watch.js";
import { USUAL } from "./options.js";
import { Reading } from "./reading.js";

/** @typedef {import("./reading.js").Source} Source */

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
  }

  /** @param {FileList | File[]} files */
  openFiles(files) {
    this.open([...files].map((file) => ({ file })));
  }

  /** Read these with the options of now; the first is shown. @param {Source[]} sources */
  open(sources) {
    const readings = sources.map((source) => new Reading(source, { ...this.options }, this.hours));
    if (!readings.length) return;
    this.readings.push(...readings);
    this.show(readings[0]);
    this.next();
  }

  /** Read the same document again, otherwise. @param {Reading} reading @param {import("./options.js").Options} options */
  again(reading, options) {
    const source = reading.file ? { id: reading.file.id } : reading.source;
    const other = new Reading(source, options, reading.hours);
    other.owned = reading.owned;
    reading.owned = false;
    reading.forget();
    this.readings[this.readings.indexOf(reading)] = other;
    this.show(other);
    this.next();
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
