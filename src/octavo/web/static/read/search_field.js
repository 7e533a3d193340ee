// The field to search in a document.
import { html, useEffect, useRef } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { useWatched } from "../parts/watch.js";
import { t } from "../words/index.js";

/** @param {{search: import("./search.js").Search, reading: import("./reading.js").Reading, go: (place: number) => void}} props */
export function SearchField({ search, reading, go }) {
  useWatched(search);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => onSlash(field), []);
  const show = () => {
    const place = search.hit ? reading.indices.indexOf(search.hit.index) : -1;
    if (place >= 0) go(place);
  };
  const typed = (/** @type {any} */ event) => {
    search.look(event.currentTarget.value, pagesOf(reading));
    show();
  };
  useEffect(() => search.again(pagesOf(reading)), [reading.pages.size, reading.answer]);
  const step = (/** @type {number} */ by) => {
    search.step(by);
    show();
  };
  const pressed = (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && step(event.shiftKey ? -1 : 1);
  return html`
    <span class="search" role="search">
      <input ref=${field} class="input" type="search" placeholder=${t("search")} aria-label=${t("search")} onInput=${typed} onKeyDown=${pressed} />
      ${search.wanted && html`<span role="status">${search.hits.length ? t("search.at", { at: search.at + 1, all: search.hits.length }) : t("search.none")}</span>`}
      ${search.hits.length > 1 &&
      html`
        <button class="button quiet small" onClick=${() => step(-1)} aria-label=${t("search.before")}><${Icon} name="back" /></button>
        <button class="button quiet small" onClick=${() => step(1)} aria-label=${t("search.after")}><${Icon} name="forward" /></button>
      `}
    </span>
  `;
}

/** Those that are read, in their order. @param {import("./reading.js").Reading} reading */
function pagesOf(reading) {
  return reading.indices.map((index) => reading.pages.get(index)).filter((page) => page !== undefined);
}

/** `/` goes to the field, unless somebody writes. @param {{current: HTMLInputElement | null}} field */
function onSlash(field) {
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "/" || /** @type {HTMLElement} */ (event.target).closest("input, select, textarea, dialog")) return;
    event.preventDefault();
    field.current?.focus();
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}
