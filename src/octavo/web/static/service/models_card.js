// The models: what each is called, and whether it can read now.
import { html } from "../parts/html.js";
import { t } from "../words/index.js";
import { Card } from "./card.js";
import { Mark } from "./mark.js";

/** @typedef {import("../wire/types.js").Status["models"][number]} Model */

/** @type {Record<Model["state"], import("./mark.js").State>} */
const MARKS = { ready: "ok", starting: "starting", failed: "error" };

/** @param {{models: Model[], descriptions: Record<string, string>}} props */
export function ModelsCard({ models, descriptions }) {
  return html`
    <${Card} name="models" title=${t("service.models")}>
      <ul class="models">
        ${models.map((model) => html`<${OneModel} key=${model.id} model=${model} description=${descriptions[model.id]} />`)}
      </ul>
    <//>
  `;
}

/** What comes from the server is in English. @param {{model: Model, description: string | undefined}} props */
function OneModel({ model, description }) {
  return html`
    <li>
      <p class="top"><strong>${model.id}</strong><${Mark} state=${MARKS[model.state]} word=${t(`service.model.${model.state}`)} /></p>
      ${description && html`<p class="soft" lang="en">${description}</p>`}
      ${model.detail && html`<p class="detail" lang="en">${model.detail}</p>`}
      ${model.aliases.length > 0 && html`<p class="aliases"><span>${t("service.model.aliases")}</span>${model.aliases.map((alias) => html`<code key=${alias}>${alias}</code>`)}</p>`}
    </li>
  `;
}
