// Other options for one side: it is read again.
import { Dialog } from "../parts/dialog.js";
import { html, useState } from "../parts/html.js";
import { OptionFields } from "../read/option_fields.js";
import { t } from "../words/index.js";
import { bench } from "./bench.js";
import { COMMON } from "./sides.js";

/** @param {{side: import("./sides.js").Side, close: () => void}} props */
export function SideDialog({ side, close }) {
  const [options] = useState(() => ({ ...bench.options[side] }));
  const again = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    close();
    bench.change(side, options);
  };
  return html`
    <${Dialog} title=${t("compare.options", { side: t(`compare.${side}`) })} close=${close}>
      <form onSubmit=${again}>
        <${OptionFields} options=${options} change=${(/** @type {any} */ told) => Object.assign(options, told)} without=${COMMON} models=${bench.models} />
        <button class="button main">${t("options.again")}</button>
      </form>
    <//>
  `;
}
