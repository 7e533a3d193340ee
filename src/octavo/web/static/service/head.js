// Above the numbers: whether all is well, in one sentence, and since when the server runs.
import { html } from "../parts/html.js";
import { wordsOf } from "../parts/problem.js";
import { t } from "../words/index.js";
import { Mark } from "./mark.js";
import { moment, timeOfDay } from "./numbers.js";

/** @typedef {import("../wire/types.js").Status} Status */
/** @typedef {import("../wire/requests.js").Refusal} Refusal */

/** @param {{status: Status, error: Refusal | null, heardAt: number}} props */
export function Head({ status, error, heardAt }) {
  const { state, told, check } = error ? silent(error) : stateOf(status);
  return html`
    <header class=${`head ${state}`}>
      <h1>${t("view.service")}</h1>
      <div class="overall">
        <p role="status"><${Mark} state=${state} /><span>${told}</span></p>
        ${check && html`<button class="button small" onClick=${toChecks}>${t("service.look")}</button>`}
        ${error && html`<p class="soft">${t("service.old", { time: timeOfDay(heardAt) })}</p>`}
      </div>
      <p class="soft since">${t("service.since", { time: moment(status.started_at) })}</p>
    </header>
  `;
}

/** @param {Refusal} error @returns {{state: import("./mark.js").State, told: string, check: boolean}} */
function silent(error) {
  return { state: "error", told: error.status ? wordsOf(error) : t("service.silent"), check: false };
}

/** @param {Status} status @returns {{state: import("./mark.js").State, told: string, check: boolean}} */
function stateOf(status) {
  const errors = status.checks.filter((check) => check.state === "error").length;
  const starting = status.models.some((model) => model.state === "starting");
  // That a model is being loaded is a warning among the checks; it passes by itself.
  const warnings = status.checks.filter((check) => check.state === "warning" && !(starting && check.name === "model")).length;
  if (errors) return { state: "error", told: t("service.wrong", { count: errors }), check: true };
  if (starting) return { state: "starting", told: t("service.starting"), check: false };
  if (warnings) return { state: "warning", told: t("service.warned", { count: warnings }), check: true };
  return { state: "ok", told: t("service.well"), check: false };
}

function toChecks() {
  const place = document.getElementById("service-checks");
  place?.scrollIntoView({ block: "center" });
  place?.focus({ preventScroll: true });
}
