// Above the document: its name, how far it is, and what can be done with it.
import { toComparison } from "../compare/link.js";
import { html, useState } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { Menu } from "../parts/menu.js";
import { Pager } from "../parts/pager.js";
import { Problem } from "../parts/problem.js";
import { copyLink } from "../shell/copy_link.js";
import { Link } from "../shell/link.js";
import { route } from "../shell/route.js";
import { t } from "../words/index.js";
import { CodeDialog } from "./code_dialog.js";
import { desk } from "./desk.js";
import { queryOf } from "./options.js";
import { OptionsDialog } from "./options_dialog.js";
import { copyMarkdown, saveHtml, saveJson, saveMarkdown, saveText } from "./save.js";
import { SearchField } from "./search_field.js";

/** @typedef {import("./reading.js").Reading} Reading */

/** @param {{reading: Reading, at: number, go: (place: number) => void, search: import("./search.js").Search}} props */
export function Toolbar({ reading, at, go, search }) {
  const [dialog, open] = useState("");
  const done = reading.answer !== null;
  const close = () => open("");
  return html`
    <header class="toolbar">
      <h1 title=${reading.name}>${reading.name}</h1>
      ${desk.readings.length > 1 && html`<${Documents} reading=${reading} />`}
      <${State} reading=${reading} />
      ${reading.indices.length > 1 && html`<${Pager} at=${at} count=${reading.indices.length} go=${go} />`}
      <div class="end">
        <${SearchField} search=${search} reading=${reading} go=${go} />
        <button class="button quiet" disabled=${!done} onClick=${() => copyMarkdown(reading)}><${Icon} name="copy" /><span class="wide">${t("copy")}</span></button>
        <${Menu} disabled=${!done} title=${t("save")} label=${html`<${Icon} name="down" /><span class="wide">${t("save")}</span>`} items=${saves(reading)} />
        <button class="button quiet" onClick=${() => copyLink(queryOf(reading), reading.file?.expires_at)} disabled=${!reading.linked}><${Icon} name="link" /><span class="wide">${t("link")}</span></button>
        ${reading.file && html`<${Link} class="button quiet" to=${toComparison(reading, reading.indices[at] ?? 0)}><${Icon} name="compare" /><span class="wide">${t("view.compare")}</span><//>`}
        <button class="button quiet" onClick=${() => open("code")}><${Icon} name="code" /><span class="wide">${t("code")}</span></button>
        <button class="button quiet" onClick=${() => open("options")}><${Icon} name="options" /><span class="wide">${t("options")}</span></button>
        <button class="button quiet" onClick=${() => leave(reading)} title=${t("another")}><${Icon} name="close" /><span class="hidden-text">${t("another")}</span></button>
      </div>
      ${reading.state === "failed" && reading.error && html`<${Problem} error=${reading.error} />`}
      ${dialog === "code" && html`<${CodeDialog} reading=${reading} close=${close} />`}
      ${dialog === "options" && html`<${OptionsDialog} reading=${reading} close=${close} />`}
    </header>
  `;
}

/** @param {{reading: Reading}} props */
function State({ reading }) {
  const asked = reading.indices.length;
  const share = reading.state === "sending" ? reading.sent : asked ? reading.pages.size / asked : 0;
  const seconds = ((reading.ended || Date.now()) - reading.began) / 1000;
  const told = { done: reading.pages.size, count: asked, seconds: Math.round(seconds * 10) / 10, share: Math.round(share * 100) };
  const warned = reading.warnings().length;
  return html`
    <div class="state">
      <span role="status">${t(`state.${reading.state}`, told)}</span>
      ${reading.running && html`<span class=${share ? "progress" : "progress unknown"} role="progressbar" aria-label=${t("progress")} aria-valuenow=${Math.round(share * 100)}><i style=${share ? { width: `${share * 100}%` } : {}}></i></span>`}
      ${reading.running && html`<button class="button small" onClick=${() => reading.stop()}>${t("stop")}</button>`}
      ${!reading.running && reading.state !== "done" && html`<button class="button small" onClick=${() => desk.again(reading, reading.options)}>${t("again")}</button>`}
      ${warned > 0 && html`<span>${t("warnings", { count: warned })}</span>`}
    </div>
  `;
}

/** Which of the open documents is shown. @param {{reading: Reading}} props */
function Documents({ reading }) {
  const show = (/** @type {any} */ event) => desk.show(desk.readings[Number(event.currentTarget.value)]);
  return html`
    <select aria-label=${t("documents")} value=${String(desk.readings.indexOf(reading))} onChange=${show}>
      ${desk.readings.map((each, place) => html`<option key=${each.number} value=${String(place)}>${place + 1}. ${each.name}</option>`)}
    </select>
  `;
}

/** @param {Reading} reading */
function saves(reading) {
  return [
    { label: t("save.markdown"), run: () => saveMarkdown(reading) },
    { label: t("save.json"), run: () => saveJson(reading) },
    { label: t("save.html"), run: () => saveHtml(reading) },
    { label: t("save.text"), run: () => saveText(reading) },
  ];
}

/** @param {Reading} reading */
function leave(reading) {
  route.tell({});
  desk.close(reading);
}
