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

  /** Say what is shown, without a step in the browser's history. @param {Record<string, string>} query */
  tell(query) {
    const told = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
    history.replaceState(null, "", location.pathname + (told ? `?${told}` : ""));
  }
}

export const route = new Route();
