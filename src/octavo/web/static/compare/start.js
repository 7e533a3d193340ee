// Nothing is compared yet: a document is wanted.
import { DropZone } from "../parts/drop_zone.js";
import { html } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { desk } from "../read/desk.js";
import { t } from "../words/index.js";
import { bench } from "./bench.js";
import { pairOf } from "./sides.js";

/** @param {{take: (sources: import("../wire/store.js").Source[]) => void}} props */
export function Start({ take }) {
  return html`
    <div class="start">
      <h1>${t("compare.title")}</h1>
      <p class="lead">${t("compare.lead")}</p>
      <${DropZone} take=${take} />
      <${Opened} />
    </div>
  `;
}

/** Documents that are open in the other view. */
function Opened() {
  const readings = desk.readings.filter((reading) => reading.file);
  if (!readings.length) return null;
  const open = (/** @type {import("../read/reading.js").Reading} */ { file, options }) =>
    file && bench.open({ id: file.id }, { options: pairOf(options), password: options.password });
  return html`
    <section class="compare-opened" aria-label=${t("compare.opened")}>
      <h2>${t("compare.opened")}</h2>
      <ul>
        ${readings.map((reading) => html`<li key=${reading.number}><button class="button" onClick=${() => open(reading)}><${Icon} name="file" /><span>${reading.name}</span></button></li>`)}
      </ul>
    </section>
  `;
}
