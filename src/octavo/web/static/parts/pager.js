// Which page is shown, out of how many, and the way to others.
import { t } from "../words/index.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";

/** @param {{at: number, count: number, go: (place: number) => void}} props `count`: 0 where nobody knows yet */
export function Pager({ at, count, go }) {
  const typed = (/** @type {any} */ event) => {
    const wanted = Math.trunc(Number(event.currentTarget.value));
    event.currentTarget.value = String(at + 1);
    if (wanted >= 1) go(wanted - 1);
  };
  return html`
    <div class="pager">
      <button class="button quiet small" disabled=${at === 0} onClick=${() => go(at - 1)} aria-label=${t("page.before")}><${Icon} name="back" /></button>
      <input aria-label=${t("page.number")} inputmode="numeric" value=${at + 1} onChange=${typed} />${count > 0 && html`<span>${t("page.of", { count })}</span>`}
      <button class="button quiet small" disabled=${count > 0 && at >= count - 1} onClick=${() => go(at + 1)} aria-label=${t("page.after")}><${Icon} name="forward" /></button>
    </div>
  `;
}
