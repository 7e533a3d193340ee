// What `octavo doctor` says of this server: the worst first.
import { html } from "../parts/html.js";
import { t } from "../words/index.js";
import { Card } from "./card.js";
import { Mark } from "./mark.js";

/** @typedef {import("../wire/types.js").Status["checks"][number]} Check */

const ORDER = ["error", "warning", "ok"];
const NAMES = ["model", "data_folder", "database", "storage", "settings"];

/** What comes from the server is in English. @param {{checks: Check[]}} props */
export function ChecksCard({ checks }) {
  const sorted = [...checks].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
  return html`
    <${Card} name="checks" title=${t("service.checks")} aside=${html`<span class="soft">${t("service.checks.lead")} <code>octavo doctor</code></span>`}>
      <ul class="checks">
        ${sorted.map(
          (check, place) => html`
            <li key=${`${check.name} ${place}`}>
              <${Mark} state=${check.state} word=${t(`service.check.${check.state}`)} />
              <strong>${NAMES.includes(check.name) ? t(`service.check.of.${check.name}`) : check.name}</strong>
              <span class="detail" lang="en">${check.detail}</span>
            </li>
          `,
        )}
      </ul>
    <//>
  `;
}
