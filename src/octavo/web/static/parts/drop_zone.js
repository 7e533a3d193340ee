// Where a document comes from: dropped, pasted, picked, by its address, or the sample.
import { ask } from "../wire/requests.js";
import { t } from "../words/index.js";
import { html, useRef } from "./html.js";
import { Icon } from "./icons.js";
import { tellLost } from "./problem.js";

/** @typedef {import("../wire/store.js").Source} Source */

/** @param {{take: (sources: Source[]) => void, several?: boolean}} props `several`: many can be picked at once */
export function DropZone({ take, several = false }) {
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  const picked = () => take([...(picker.current?.files ?? [])].map((file) => ({ file })));
  const typed = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    take([{ url: String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("address")) }]);
  };
  const label = t(several ? "start.pick" : "start.pick.one");
  return html`
    <div class="drop">
      <${Icon} name="up" />
      <p>${t("start.drop")}</p>
      <div class="actions">
        <button class="button main" onClick=${() => picker.current?.click()}>${label}</button>
        <button class="button" onClick=${() => sample().then((source) => take([source])).catch(tellLost)}>${t("start.sample")}</button>
      </div>
      <input ref=${picker} type="file" multiple=${several} hidden onChange=${picked} aria-label=${label} />
      <p><small>${t("start.kinds")}</small></p>
    </div>
    <form class="by-address" onSubmit=${typed}>
      <input class="input" name="address" type="url" required placeholder=${t("start.address")} aria-label=${t("start.address")} />
      <button class="button">${t("start.fetch")}</button>
    </form>
  `;
}

/** @returns {Promise<Source>} */
async function sample() {
  const answer = await ask("static/sample.pdf");
  return { file: new File([await answer.blob()], "sample.pdf", { type: "application/pdf" }) };
}
