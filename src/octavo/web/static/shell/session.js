// Whether a key is needed here, and whether one was given.
import { Watched } from "../parts/watch.js";
import { askJson } from "../wire/requests.js";

/** Milliseconds after which a server that did not answer is asked again. */
const PAUSE = 2000;

class Session extends Watched {
  constructor() {
    super();
    this.known = false;
    this.keysNeeded = false;
    this.signedIn = true;
    this.owner = "";
    this.offline = false;
    /** @type {Set<() => void>} what forgets the documents of a person who leaves */
    this.farewells = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    document.addEventListener("signed-out", () => this.signedIn && this.ask());
    addEventListener("online", () => this.ask());
    // The network may be gone and the server be here.
    addEventListener("offline", () => this.ask());
  }

  lost() {
    this.offline = true;
    this.changed();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    try {
      this.hear(await askJson("session"));
    } catch {
      // What is no answer to this question, as a page of a proxy is none, is no server either.
      this.lost();
    }
  }

  /** @param {string} key */
  async signIn(key) {
    this.hear(await askJson("session", { method: "POST", body: { key } }));
  }

  /** What was open goes first, while its files can still be deleted. */
  async signOut() {
    this.leave();
    this.hear(await askJson("session", { method: "DELETE" }));
  }

  leave() {
    for (const forget of this.farewells) forget();
  }

  /** @param {import("../wire/types.js").Session} told */
  hear(told) {
    const other = this.known && told.owner !== this.owner;
    clearTimeout(this.timer);
    this.known = true;
    this.offline = false;
    this.keysNeeded = told.keys_needed;
    this.signedIn = told.signed_in;
    this.owner = told.owner;
    if (other) this.leave();
    this.changed();
  }
}

export const session = new Session();
