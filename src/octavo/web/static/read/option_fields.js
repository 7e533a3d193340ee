// The options of a reading as fields, each with a line that says what it does.
import { html } from "../parts/html.js";
import { t } from "../words/index.js";

/** @typedef {import("./options.js").Options} Options */

/** @type {(keyof Options)[]} */
const CHECKS = ["include_image_base64", "extract_header", "extract_footer"];
const HOURS = [1, 8, 24, 168];

/** @type {[name: keyof Options, values: string[]][]} */
const CHOICES = [
  ["table_format", ["", "markdown", "html"]],
  ["text_layer", ["", "always", "never"]],
];

/** @type {[name: keyof Options, type: string, more: Record<string, unknown>][]} */
const FIELDS = [
  ["pages", "text", { placeholder: "1-3, 7", pattern: "[0-9, \\-]*" }],
  ["languages", "text", { placeholder: "fr, ru", pattern: "[A-Za-z0-9,; \\-]*" }],
  ["dpi", "number", { min: 72, max: 400, placeholder: "200" }],
  ["image_limit", "number", { min: 0 }],
  ["image_min_size", "number", { min: 0 }],
  ["password", "password", { autocomplete: "off" }],
];

/**
 * @param {{options: Options, change: (told: Partial<Options>) => void, hours?: number, keep?: (hours: number) => void,
 *   without?: (keyof Options)[], models?: string[]}} props `without`: fields that make no sense here; `models`: to choose from
 */
export function OptionFields({ options, change, hours, keep, without = [], models = [] }) {
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) =>
    change({ [name]: event.currentTarget.type === "checkbox" ? event.currentTarget.checked : event.currentTarget.value });
  return html`
    <div class="option-fields">
      ${models.length > 1 && html`<${Models} options=${options} models=${models} choose=${set("model")} />`}
      ${FIELDS.filter(([name]) => !without.includes(name)).map(
        ([name, type, more]) => html`
          <label class="field" key=${name}>
            <span>${t(`option.${name}`)}</span>
            <input name=${name} type=${type} defaultValue=${options[name]} onInput=${set(name)} spellcheck=${false} ...${more} />
            <small>${t(`option.${name}.help`)}</small>
          </label>
        `,
      )}
      ${CHOICES.map(
        ([name, values]) => html`
          <label class="field" key=${name}>
            <span>${t(`option.${name}`)}</span>
            <select name=${name} value=${options[name]} onChange=${set(name)}>
              ${values.map((value) => html`<option value=${value}>${t(`option.${name}.${value || "usual"}`)}</option>`)}
            </select>
            <small>${t(`option.${name}.help`)}</small>
          </label>
        `,
      )}
      ${keep &&
      html`
        <label class="field">
          <span>${t("option.keep")}</span>
          <select name="keep" value=${String(hours)} onChange=${(/** @type {any} */ event) => keep(Number(event.currentTarget.value))}>
            ${HOURS.map((each) => html`<option value=${String(each)}>${each < 24 ? t("hours", { count: each }) : t("days", { count: each / 24 })}</option>`)}
          </select>
          <small>${t("option.keep.help")}</small>
        </label>
      `}
      ${CHECKS.filter((name) => !without.includes(name)).map(
        (name) => html`
          <label class="check" key=${name}>
            <input name=${name} type="checkbox" defaultChecked=${options[name]} onChange=${set(name)} />
            <span>${t(`option.${name}`)}<small>${t(`option.${name}.help`)}</small></span>
          </label>
        `,
      )}
    </div>
  `;
}

/** @param {{options: Options, models: string[], choose: (event: any) => void}} props */
function Models({ options, models, choose }) {
  return html`
    <label class="field">
      <span>${t("option.model")}</span>
      <select name="model" value=${options.model} onChange=${choose}>
        <option value="">${t("option.model.usual")}</option>
        ${models.map((model) => html`<option value=${model}>${model}</option>`)}
      </select>
      <small>${t("option.model.help")}</small>
    </label>
  `;
}
