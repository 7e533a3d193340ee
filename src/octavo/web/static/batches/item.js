// One file of a batch that is being made, on its way to the server.
import { Watched } from "../parts/watch.js";
import { Refusal, upload } from "../wire/requests.js";

/** @typedef {import("../wire/types.js").StoredFile} StoredFile */

/** Times that a server which has no room just now is asked again, and milliseconds before the first. */
const TRIES = 5;
const PAUSE = 1500;
const BUSY = [429, 503];

export class Item extends Watched {
  static count = 0;

  /** @param {import("./gather.js").Named} named @param {"ocr" | "batch"} purpose */
  constructor({ file, name }, purpose) {
    super();
    this.number = ++Item.count;
    this.file = file;
    this.name = name;
    this.purpose = purpose;
    /** @type {"waiting" | "sending" | "sent" | "failed"} */
    this.state = "waiting";
    this.share = 0;
    /** @type {StoredFile | null} */
    this.stored = null;
    /** @type {Refusal | null} */
    this.error = null;
  }

  /** @param {typeof this.state} state */
  to(state) {
    this.state = state;
    this.changed();
  }

  /** Whether it is on the server for so many hours more. @param {number} hours */
  lasts(hours) {
    if (!this.stored) return false;
    const ends = this.stored.expires_at;
    return ends === null || ends * 1000 > Date.now() + hours * 3_600_000;
  }

  /**
   * Bring it to the server; what goes wrong is noted here.
   * @param {number} hours that it is kept
   * @param {AbortSignal} signal
   */
  async send(hours, signal) {
    this.share = 0;
    this.error = null;
    this.to("sending");
    try {
      this.stored = await this.tried(hours, signal);
      this.to("sent");
    } catch (error) {
      if (signal.aborted) return this.to("waiting");
      // A file that was moved or changed meanwhile cannot be read any more, which browsers tell in their own ways.
      this.error = error instanceof Refusal ? error : new Refusal(-1, String(/** @type {Error} */ (error).message));
      this.to("failed");
    }
  }

  /** @param {number} hours @param {AbortSignal} signal @returns {Promise<StoredFile>} */
  async tried(hours, signal) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await upload(this.form(hours), (share) => this.sentPart(share), signal);
      } catch (error) {
        if (!(error instanceof Refusal) || !BUSY.includes(error.status) || attempt === TRIES) throw error;
        await pause(PAUSE * attempt, signal);
      }
    }
  }

  /** @param {number} hours */
  form(hours) {
    const form = new FormData();
    form.append("purpose", this.purpose);
    form.append("expiry", String(hours));
    form.append("file", this.file, this.name.split("/").pop() || "document");
    return form;
  }

  /** @param {number} share */
  sentPart(share) {
    this.share = share;
    this.changed();
  }
}

/** @param {number} milliseconds @param {AbortSignal} signal @returns {Promise<void>} */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
