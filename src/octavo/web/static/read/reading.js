// One document that is read: its file, its pages as they come, its answer.
import { Watched } from "../parts/watch.js";
import { eventsOf } from "../wire/events.js";
import { addressOf, ask } from "../wire/requests.js";
import { store } from "../wire/store.js";
import { keepsResults } from "../wire/server.js";
import { markedBodyOf } from "./options.js";

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
    this.left = () => this.forget();
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
      this.file = await this.store();
      this.linked = await keepsResults();
      if (!this.linked) addEventListener("pagehide", this.left);
      this.to("waiting");
      await this.follow();
    } catch (error) {
      const stopped = error instanceof Error && error.name === "AbortError";
      this.error = stopped ? null : /** @type {Error} */ (error);
      this.to(stopped ? "stopped" : "failed");
    }
    this.ended = Date.now();
    this.changed();
  }

  /** Nobody looks at it any more: where nothing is kept, its file goes at once, and not with its expiry alone. */
  forget() {
    this.stop();
    removeEventListener("pagehide", this.left);
    if (this.linked || !this.owned || !this.file) return;
    fetch(addressOf(`v1/files/${this.file.id}`), { method: "DELETE", keepalive: true }).catch(() => {});
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

  /** @returns {Promise<StoredFile>} */
  store() {
    const sent = (/** @type {number} */ share) => {
      this.sent = share;
      this.changed();
    };
    return store(this.source, { hours: this.hours, sent, signal: this.abort.signal });
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

  /** Pages with something to say, and what. */
  warnings() {
    return [...this.pages.values()]
      .sort((one, other) => one.index - other.index)
      .flatMap((page) => page.warnings.map((text) => ({ index: page.index, text, failed: page.octavo.error_code !== null })));
  }
}
