// Other options for the document that is open: it is read again.
import { Dialog } from "../parts/dialog.js";
import { html, useState } from "../parts/html.js";
import { t } from "../words/index.js";
import { desk } from "./desk.js";
import { OptionFields } from "./option_fields.js";

/** @param {{reading: import("./reading.js").Reading, close: () => void}} props */
export function OptionsDialog({ reading, close }) {
  const [options] = useState(() => ({ ...reading.options }));
  const again = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    close();
    desk.again(reading, options);
  };
  return html`
    <${Dialog} title=${t("options.title")} close=${close}>
      <form onSubmit=${again}>
        <${OptionFields} options=${options} change=${(/** @type {any} */ told) => Object.assign(options, told)} />
        <button class="button main">${t("options.again")}</button>
      </form>
    <//>
  `;
}
