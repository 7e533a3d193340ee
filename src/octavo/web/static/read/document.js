// One document: its pages in a strip, the page that is looked at, and its text.
import { html, useEffect, useState } from "../parts/html.js";
import { onKeys } from "../parts/keys.js";
import { Password } from "../parts/password.js";
import { Problem } from "../parts/problem.js";
import { Tabs } from "../parts/tabs.js";
import { useWatched } from "../parts/watch.js";
import { route } from "../shell/route.js";
import { t } from "../words/index.js";
import { desk } from "./desk.js";
import { queryOf } from "./options.js";
import { PagePane } from "./page_pane.js";
import { Search } from "./search.js";
import { Strip } from "./strip.js";
import { TextPane } from "./text_pane.js";
import { Toolbar } from "./toolbar.js";

/** @typedef {import("./reading.js").Reading} Reading */

/** @param {{reading: Reading}} props */
export function Document({ reading }) {
  useWatched(reading);
  const [at, turnTo] = useState(0);
  const [block, choose] = useState(/** @type {number | null} */ (null));
  const [pane, show] = useState("page");
  const [search] = useState(() => new Search());
  useEffect(() => tellAddress(reading));
  const last = reading.indices.length - 1;
  const within = (/** @type {number} */ place) => Math.max(0, Math.min(Math.trunc(place) || 0, last));
  const leave = () => choose(null);
  const go = (/** @type {number} */ place) => {
    turnTo(within(place));
    leave();
  };
  const step = (/** @type {number} */ by) => () => {
    turnTo((before) => within(before + by));
    leave();
  };
  useEffect(() => onKeys({ ArrowLeft: step(-1), PageUp: step(-1), ArrowRight: step(1), PageDown: step(1), Escape: leave }), [last]);
  const index = reading.indices[at] ?? 0;
  if (!reading.indices.length && !reading.running) return html`<${Failed} reading=${reading} />`;
  const single = reading.indices.length < 2;
  return html`
    <article class=${single ? "document single" : "document"} data-pane=${pane}>
      <${Toolbar} reading=${reading} at=${at} go=${go} search=${search} />
      <div class="pane-tabs"><${Tabs} label=${t("panes")} names=${[["page", t("pane.page")], ["text", t("pane.text")]]} chosen=${pane} choose=${show} /></div>
      ${!single && html`<${Strip} reading=${reading} at=${at} go=${go} />`}
      <${PagePane} reading=${reading} index=${index} next=${reading.indices[at + 1]} block=${block} choose=${choose} />
      <${TextPane} reading=${reading} index=${index} block=${block} choose=${choose} search=${search} />
    </article>
  `;
}

/** The address of the page becomes the link to the result, and stays it. @param {Reading} reading */
function tellAddress(reading) {
  if (route.view === "read" && reading.file && reading.linked) route.tell(queryOf(reading));
}

/** Nothing could be read. @param {{reading: Reading}} props */
function Failed({ reading }) {
  const close = () => {
    route.tell({});
    desk.close(reading);
  };
  const error = /** @type {Error & {code?: string}} */ (reading.error ?? new Error(t("stopped.before")));
  return html`
    <div class="start">
      <h1>${reading.name}</h1>
      <${Problem} error=${error} title=${t(reading.state === "stopped" ? "state.stopped" : "state.failed")} />
      ${error.code === "encrypted_document" && html`<${Password} open=${(/** @type {string} */ password) => desk.again(reading, { ...reading.options, password })} />`}
      <div class="drop">
        <div class="actions">
          <button class="button main" onClick=${() => desk.again(reading, reading.options)}>${t("again")}</button>
          <button class="button" onClick=${close}>${t("another")}</button>
        </div>
      </div>
    </div>
  `;
}
