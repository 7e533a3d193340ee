// The address of the page: which view it is, and what that shows.
import { Watched } from "../parts/watch.js";
import { VIEWS } from "./views.js";

class Route extends Watched {
  constructor() {
    super();
    addEventListener("popstate", () => this.changed());
  }

  get view() {
    const last = location.pathname.split("/").pop() ?? "";
    return last in VIEWS ? last : "read";
  }

  get query() {
    return new URLSearchParams(location.search);
  }

  /** @param {string} address relative to the workbench */
  go(address) {
    history.pushState(null, "", new URL(address, document.baseURI));
    this.changed();
  }

  /** The address of this view with what it shows. @param {Record<string, string>} query */
  addressOf(query) {
    const told = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
    return location.pathname + (told ? `?${told}` : "");
  }

  /** Say what is shown, without a step in the browser's history. @param {Record<string, string>} query */
  tell(query) {
    const address = this.addressOf(query);
    if (address !== location.pathname + location.search) history.replaceState(null, "", address);
  }
}

export const route = new Route();
