// The batch that is being made: its files, on their way to the server, and then the job. It stays while other views are shown.
import { Watched } from "../parts/watch.js";
import { USUAL } from "../read/options.js";
import { session } from "../shell/session.js";
import { ask } from "../wire/requests.js";
import { isRequests } from "./gather.js";
import { Item } from "./item.js";
import { lost } from "./jobs.js";
import { Order, requestLines, titleOf } from "./order.js";

/** @typedef {import("../wire/types.js").Job} Job */
/** @typedef {import("./gather.js").Named} Named */

/** Files that are sent at the same time. */
const AT_ONCE = 3;
/** Hours that files stay after the job's time is up: what failed can be tried again for so long. */
export const AFTERWARDS = 168;
/** Files with requests of one job. */
const MOST_REQUEST_FILES = 100;
/** No server, and no key: other files would fail as well. */
const HOPELESS = [0, 401];

class Draft extends Watched {
  constructor() {
    super();
    this.owner = session.owner;
    this.options = { ...USUAL, include_image_base64: false };
    this.hours = 24;
    this.model = "";
    /** How far the files are, which changes all the time. */
    this.progress = new Watched();
    /** @type {Item[]} */
    this.items = [];
    /** @type {"choosing" | "sending" | "halted" | "starting"} */
    this.state = "choosing";
    /** Why the job did not start. @type {Error | null} */
    this.error = null;
    this.abort = new AbortController();
    this.order = new Order();
    session.farewells.add(() => this.forget());
    addEventListener("beforeunload", (event) => this.busy && event.preventDefault());
  }

  /** Files of somebody else are nobody's business, and could not be read either. */
  forget() {
    if (this.owner === session.owner) return;
    this.owner = session.owner;
    this.abort.abort();
    this.clear();
  }

  clear() {
    this.items = [];
    this.error = null;
    this.order = new Order();
    this.to("choosing");
  }

  /** Whether leaving the page would lose something. */
  get busy() {
    return this.state === "sending" || this.state === "starting";
  }

  /** Whether its files are requests, not documents. */
  get isRequests() {
    return this.items[0]?.purpose === "batch";
  }

  get far() {
    const of = (/** @type {string} */ state) => this.items.filter((item) => item.state === state).length;
    return { sent: of("sent"), failed: of("failed"), waiting: of("waiting"), count: this.items.length };
  }

  /**
   * Take files in; a batch is made of documents or of requests.
   * @param {Named[]} files
   * @returns {number} those that do not go with the others
   */
  add(files) {
    const requests = this.items.length ? this.isRequests : files.every(({ name }) => isRequests(name));
    const fit = files.filter(({ name }) => isRequests(name) === requests);
    const taken = requests ? fit.slice(0, MOST_REQUEST_FILES - this.items.length) : fit;
    this.items = [...this.items, ...taken.map((named) => new Item(named, requests ? "batch" : "ocr"))];
    this.changed();
    return files.length - taken.length;
  }

  /** @param {Item} item */
  drop(item) {
    this.items = this.items.filter((each) => each !== item);
    forget([item]);
    if (!this.items.length) this.clear();
    else if (this.state === "halted" && this.items.every(({ state }) => state === "sent")) this.to("choosing");
    this.changed();
  }

  /** Send what is not there yet, then start the job, if all of it came. @returns {Promise<Job | null>} */
  async start() {
    const { signal } = (this.abort = new AbortController());
    this.error = null;
    for (const item of this.items) if (!item.lasts(this.hours)) item.to("waiting");
    this.to("sending");
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.send(signal)));
    if (signal.aborted) return null;
    if (this.items.every((item) => item.state === "sent")) return this.begin();
    this.to("halted");
    return null;
  }

  /** Go on without the files that could not be sent. @returns {Promise<Job | null>} */
  async leaveOut() {
    this.items = this.items.filter((item) => item.state !== "failed");
    if (this.items.length) return this.start();
    this.clear();
    return null;
  }

  stop() {
    this.abort.abort();
    this.to("choosing");
  }

  /** Forget all, here and on the server. */
  discard() {
    this.abort.abort();
    forget(this.items);
    this.clear();
  }

  /** One file after the other. @param {AbortSignal} signal */
  async send(signal) {
    for (;;) {
      const item = this.items.find((each) => each.state === "waiting");
      if (!item || signal.aborted) return;
      const watched = item.watch(() => this.progress.changed());
      await item.send(this.hours + AFTERWARDS, signal);
      watched();
      this.changed();
      if (item.error && HOPELESS.includes(item.error.status)) return void lost(item.error);
    }
  }

  async begin() {
    this.to("starting");
    try {
      const files = await this.inputs();
      const job = await this.order.begin({ files, name: titleOf(this.items.map(({ name }) => name)), hours: this.hours, model: this.model });
      this.clear();
      return job;
    } catch (error) {
      this.error = /** @type {Error} */ (error);
      this.to("halted");
      return null;
    }
  }

  /** Ids of the files with requests. */
  async inputs() {
    const sent = this.items.map(({ name, stored }) => ({ name, id: /** @type {import("./item.js").StoredFile} */ (stored).id }));
    if (this.isRequests) return sent.map(({ id }) => id);
    return [await this.order.upload(requestLines(sent, this.options), this.hours + AFTERWARDS)];
  }

  /** @param {typeof this.state} state */
  to(state) {
    this.state = state;
    this.changed();
  }
}

export const draft = new Draft();

/** @param {Item[]} items whose files are wanted no more; those that cannot be deleted expire */
function forget(items) {
  for (const { stored } of items) if (stored) ask(`v1/files/${stored.id}`, { method: "DELETE" }).catch(() => {});
}
