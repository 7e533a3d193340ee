// One document that is read: its file, its pages as they come, its answer.
import { Watched } from "../parts/watch.js";
import { eventsOf } from "../wire/events.js";
import { addressOf, ask } from "../wire/requests.js";
import { forget, store } from "../wire/store.js";
import { keepsResults } from "../wire/server.js";
import { checkPages, markedBodyOf } from "./options.js";

/** @typedef {import("../wire/types.js").Page} Page */
/** @typedef {import("../wire/types.js").StoredFile} StoredFile */
/** @typedef {import("../wire/requests.js").Refusal} Refusal */
/** @typedef {import("./options.js").Options} Options */
/** @typedef {import("../wire/store.js").Source} Source */

export class Reading extends Watched {
  static count = 0;

  /**
   * @param {Source} source
   * @param {Options} options
   * @param {number} hours that the file is kept
   */
  constructor(source, options, hours) {
    super();
    this.number = ++Reading.count;
    this.begun = false;
    this.source = source;
    this.options = options;
    this.hours = hours;
    /** @type {"sending" | "waiting" | "reading" | "done" | "failed" | "stopped"} */
    this.state = "sending";
    this.sent = 0;
    /** @type {StoredFile | null} */
    this.file = null;
    /** @type {number[]} */
    this.indices = [];
    this.pageCount = 0;
    this.model = "";
    /** @type {Map<number, Page>} */
    this.pages = new Map();
    /** @type {import("../wire/types.js").Answer | null} */
    this.answer = null;
    /** @type {Error | null} */
    this.error = null;
    this.began = Date.now();
    this.ended = 0;
    this.linked = false;
    this.owned = !("id" in source);
    this.abort = new AbortController();
    /** The upload that was read before: it may be there still. @type {string | null} */
    this.before = null;
    this.forgotten = false;
    // A page that the browser keeps may be looked at again.
    this.left = (/** @type {PageTransitionEvent} */ event) => event.persisted || this.forget();
  }

  /** The document's name. */
  get name() {
    if (this.file) return this.file.filename;
    if ("file" in this.source) return this.source.file.name;
    return "url" in this.source ? this.source.url : "";
  }

  get running() {
    return ["sending", "waiting", "reading"].includes(this.state);
  }

  /** Bring the document to the server, have it read, and follow. Ends with `state` "done", "failed" or "stopped". */
  async run() {
    this.begun = true;
    this.began = Date.now();
    try {
      checkPages(this.options.pages);
      this.file = await this.store();
      await this.learnLinked();
      this.abort.signal.throwIfAborted();
      this.to("waiting");
      await this.follow();
    } catch (error) {
      // What breaks off after the answer takes nothing from it.
      if (!this.answer) this.fail(/** @type {Error} */ (error));
    }
    this.ended = Date.now();
    this.changed();
  }

  /** @param {Error} error */
  fail(error) {
    const stopped = error.name === "AbortError";
    this.error = stopped ? null : error;
    this.to(stopped ? "stopped" : "failed");
  }

  /** Whether there may be links to it; where there are none, its file goes with the page. */
  async learnLinked() {
    this.linked = await keepsResults();
    if (!this.linked && !this.forgotten) addEventListener("pagehide", this.left);
  }

  /** Nobody looks at it any more: where nothing is kept, its file goes at once, and not with its expiry alone. */
  forget() {
    this.forgotten = true;
    this.stop();
    removeEventListener("pagehide", this.left);
    if (!this.linked && this.owned && this.file) forget(this.file.id);
  }

  stop() {
    if (this.begun) this.abort.abort();
    else this.begun = true;
    if (this.running) this.to("stopped");
  }

  /** @param {typeof this.state} state */
  to(state) {
    this.state = state;
    this.changed();
  }

  /** The file as it was sent before, or sent anew where that is gone. @returns {Promise<StoredFile>} */
  async store() {
    const sent = (/** @type {number} */ share) => {
      this.sent = share;
      this.changed();
    };
    const how = { hours: this.hours, sent, signal: this.abort.signal };
    if (!this.before) return store(this.source, how);
    return store({ id: this.before }, how).catch((error) => {
      if (error.status !== 404 || "id" in this.source) throw error;
      return store(this.source, how);
    });
  }

  async follow() {
    const body = { document: { type: "file", file_id: this.file?.id }, ...markedBodyOf(this.options) };
    const headers = { Accept: "text/event-stream" };
    const response = await ask("v1/ocr", { method: "POST", body, headers, signal: this.abort.signal });
    for await (const { name, data } of eventsOf(response)) {
      this.hear(name, data);
    }
    if (!this.answer) throw new Error("broken");
  }

  /**
   * @param {string} name
   * @param {any} data
   */
  hear(name, data) {
    if (name === "start") this.start(data);
    else if (name === "page") this.pages.set(data.page.index, data.page);
    else if (name === "result") this.finish(data);
    else if (name === "error") throw Object.assign(new Error(data.message), { status: data.status, code: data.error_code });
    this.changed();
  }

  /** @param {import("../wire/types.js").Start} told */
  start(told) {
    this.indices = told.indices;
    this.pageCount = told.page_count;
    this.model = told.model;
    this.state = "reading";
  }

  /** @param {import("../wire/types.js").Answer} answer */
  finish(answer) {
    this.answer = answer;
    for (const page of answer.pages) this.pages.set(page.index, page);
    this.state = "done";
  }

  /**
   * Where the image of a page is.
   * @param {number} index
   * @param {number} width
   */
  imageOf(index, width) {
    const turned = this.pages.get(index)?.octavo.turned ?? 0;
    return addressOf(`v1/files/${this.file?.id}/pages/${index}?width=${width}&turned=${turned}`);
  }

  /** What pages have to say, all of it. */
  warnings() {
    return [...this.pages.values()].flatMap((page) => page.warnings);
  }
}
