// What is wanted of a new batch: model, time, and the options of all its documents.
import { html, useEffect, useState } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { OptionFields } from "../read/option_fields.js";
import { askJson } from "../wire/requests.js";
import { t } from "../words/index.js";
import { AFTERWARDS, draft } from "./draft.js";

const HOURS = [1, 8, 24, 72, 168];

const FORM = "batch-options";

/** Whether all fields can be what they say; the first that cannot is shown. */
export function areSound() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById(FORM));
  if (!form || form.checkValidity()) return true;
  /** @type {HTMLDetailsElement} */ (form.closest("details")).open = true;
  form.reportValidity();
  return false;
}

export function Settings() {
  const models = useModels();
  const [hours, setHours] = useState(draft.hours);
  const keep = (/** @type {any} */ event) => setHours((draft.hours = Number(event.currentTarget.value)));
  return html`
    <details class="options">
      <summary><${Icon} name="options" />${t("options.title")}<small>${t("options.lead")}</small></summary>
      <form id=${FORM} onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
        <div class="option-fields">
          <label class="field">
            <span>${t("batches.hours")}</span>
            <select name="hours" value=${String(hours)} onChange=${keep}>
              ${HOURS.map((each) => html`<option value=${String(each)}>${each < 48 ? t("hours", { count: each }) : t("days", { count: each / 24 })}</option>`)}
            </select>
            <small>${t("batches.hours.help", { days: Math.round((hours + AFTERWARDS) / 24) })}</small>
          </label>
          ${models.length > 1 && html`<${Model} models=${models} />`}
        </div>
        ${!draft.isRequests && html`<${OptionFields} options=${draft.options} change=${(/** @type {any} */ told) => Object.assign(draft.options, told)} without=${["password"]} />`}
      </form>
    </details>
  `;
}

/** @param {{models: string[]}} props */
function Model({ models }) {
  return html`
    <label class="field">
      <span>${t("batches.model")}</span>
      <select name="model" defaultValue=${draft.model} onChange=${(/** @type {any} */ event) => (draft.model = event.currentTarget.value)}>
        <option value="">${t("batches.model.usual")}</option>
        ${models.map((model) => html`<option value=${model} selected=${model === draft.model}>${model}</option>`)}
      </select>
      <small>${t(draft.isRequests ? "batches.model.help.requests" : "batches.model.help")}</small>
    </label>
  `;
}

/** Names of the models of this server; none where it does not say. @returns {string[]} */
function useModels() {
  const [models, found] = useState(/** @type {string[]} */ ([]));
  useEffect(() => {
    const names = (/** @type {{models: {id: string}[]}} */ told) => found(told.models.map(({ id }) => id));
    askJson("v1/status").then(names, () => {});
  }, []);
  return models;
}
