// Nothing is open yet: a document is wanted, and how it shall be read can be said.
import { DropZone } from "../parts/drop_zone.js";
import { html } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { t } from "../words/index.js";
import { desk } from "./desk.js";
import { OptionFields } from "./option_fields.js";

export function Start() {
  return html`
    <div class="start">
      <h1>${t("start.title")}</h1>
      <p class="lead">${t("start.lead")}</p>
      <${DropZone} several take=${(/** @type {import("./desk.js").Source[]} */ sources) => desk.open(sources)} />
      <details class="options">
        <summary><${Icon} name="options" />${t("options.title")}<small>${t("options.lead")}</small></summary>
        <form onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
          <${OptionFields} options=${desk.options} change=${(/** @type {any} */ told) => Object.assign(desk.options, told)} hours=${desk.hours} keep=${(/** @type {number} */ hours) => (desk.hours = hours)} />
        </form>
      </details>
    </div>
  `;
}
