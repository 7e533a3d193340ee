// Nothing is open yet: drop, paste or pick a document, give its address, or take the sample.
import { html, useRef } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { addressOf } from "../wire/requests.js";
import { t } from "../words/index.js";
import { desk } from "./desk.js";
import { OptionFields } from "./option_fields.js";

export function Start() {
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  return html`
    <div class="start">
      <h1>${t("start.title")}</h1>
      <p class="lead">${t("start.lead")}</p>
      <div class="drop">
        <${Icon} name="up" />
        <p>${t("start.drop")}</p>
        <div class="actions">
          <button class="button main" onClick=${() => picker.current?.click()}>${t("start.pick")}</button>
          <button class="button" onClick=${openSample}>${t("start.sample")}</button>
        </div>
        <input ref=${picker} type="file" multiple hidden onChange=${picked} aria-label=${t("start.pick")} />
        <p><small>${t("start.kinds")}</small></p>
      </div>
      <form class="by-address" onSubmit=${openAddress}>
        <input class="input" name="address" type="url" required placeholder=${t("start.address")} aria-label=${t("start.address")} />
        <button class="button">${t("start.fetch")}</button>
      </form>
      <details class="options">
        <summary><${Icon} name="options" />${t("options.title")}<small>${t("options.lead")}</small></summary>
        <form onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
          <${OptionFields} options=${desk.options} change=${(/** @type {any} */ told) => Object.assign(desk.options, told)} hours=${desk.hours} keep=${(/** @type {number} */ hours) => (desk.hours = hours)} />
        </form>
      </details>
    </div>
  `;
}

/** @param {Event & {currentTarget: HTMLInputElement}} event */
function picked(event) {
  if (event.currentTarget.files) desk.openFiles(event.currentTarget.files);
}

/** @param {SubmitEvent} event */
function openAddress(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  desk.open([{ url: String(new FormData(form).get("address")) }]);
}

async function openSample() {
  const sample = await fetch(addressOf("static/sample.pdf"));
  desk.openFiles([new File([await sample.blob()], "sample.pdf", { type: "application/pdf" })]);
}
