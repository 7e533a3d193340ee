// Short words at the foot of the page that go away by themselves.
import { html } from "./html.js";
import { useWatched, Watched } from "./watch.js";

const SECONDS = 4;

class Told extends Watched {
  text = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
}

const told = new Told();

/** @param {string} text */
export function toast(text) {
  told.text = text;
  clearTimeout(told.timer);
  told.timer = setTimeout(() => {
    told.text = "";
    told.changed();
  }, SECONDS * 1000);
  told.changed();
}

export function Toasts() {
  useWatched(told);
  return html`<div class="toast" role="status">${told.text && html`<p>${told.text}</p>`}</div>`;
}
