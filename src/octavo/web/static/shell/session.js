// Whether a key is needed here, and whether one was given.
import { Watched } from "../parts/watch.js";
import { askJson, Refusal } from "../wire/requests.js";

class Session extends Watched {
  constructor() {
    super();
    this.known = false;
    this.keysNeeded = false;
    this.signedIn = true;
    this.owner = "";
    this.offline = false;
    document.addEventListener("signed-out", () => this.signedIn && this.ask());
    addEventListener("online", () => this.ask());
    addEventListener("offline", () => this.lost());
  }

  lost() {
    this.offline = true;
    this.changed();
  }

  async ask() {
    try {
      this.hear(await askJson("session"));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.lost();
      setTimeout(() => this.ask(), 2000);
    }
  }

  /** @param {string} key */
  async signIn(key) {
    this.hear(await askJson("session", { method: "POST", body: { key } }));
  }

  async signOut() {
    this.hear(await askJson("session", { method: "DELETE" }));
  }

  /** @param {import("../wire/types.js").Session} told */
  hear(told) {
    this.known = true;
    this.offline = false;
    this.keysNeeded = told.keys_needed;
    this.signedIn = told.signed_in;
    this.owner = told.owner;
    this.changed();
  }
}

export const session = new Session();
