// One side: with which options it was read, what it says, and how much that is.
import { html, useEffect, useRef, useState } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { Problem } from "../parts/problem.js";
import { showBlock } from "../parts/show_block.js";
import { t } from "../words/index.js";
import { bench } from "./bench.js";
import { Numbers } from "./numbers.js";
import { Rendered } from "./rendered.js";
import { SideDialog } from "./side_dialog.js";
import { summaryOf } from "./sides.js";
import { Source } from "./source.js";

/** @typedef {import("./comparison.js").SideNow} SideNow */

/**
 * @param {SideNow & {side: import("./sides.js").Side, found: import("./difference.js").Found | null, form: string,
 *   marks: ReturnType<typeof import("./marking.js").marking> | undefined, chosen: import("./comparison.js").Chosen | null,
 *   choose: (chosen: import("./comparison.js").Chosen | null) => void}} props
 */
export function Column({ side, reading, page, told, found, marks, form, chosen, choose }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const block = chosen?.side === side ? chosen.number : null;
  useEffect(() => showBlock(place.current, block), [block]);
  useEffect(() => void (place.current && (place.current.scrollTop = 0)), [page]);
  const name = t(`compare.${side}`);
  const pick = (/** @type {number} */ number) => choose({ side, number });
  return html`
    <section class=${`column of-${side}`} aria-label=${name}>
      <${Head} side=${side} />
      <div class="scroll" ref=${place} tabindex="0" role="region" aria-label=${`${name}: ${t("pane.text")}`}>
        ${!told && html`<${Without} side=${side} reading=${reading} page=${page} />`}
        ${told && page && html`<${Notes} told=${told} page=${page} form=${form} />`}
        ${told && page && reading && form === "text" && html`<${Rendered} side=${side} page=${page} reading=${reading} told=${told} found=${found} marks=${marks} block=${block} choose=${pick} />`}
        ${told && form === "source" && html`<${Source} side=${side} text=${told.text} differences=${found?.differences ?? []} />`}
      </div>
      <${Numbers} reading=${reading} page=${page} told=${told} />
    </section>
  `;
}

/** Its name and its options. @param {{side: import("./sides.js").Side}} props */
function Head({ side }) {
  const [open, show] = useState(false);
  const told = summaryOf(bench.options[side], bench.models.length > 1);
  return html`
    <header>
      <h2>${t(`compare.${side}`)}</h2>
      <p class="chosen-options">${told.join(" · ")}</p>
      <button class="button small" onClick=${() => show(true)}><${Icon} name="options" />${t("compare.change")}<span class="hidden-text">: ${t(`compare.${side}`)}</span></button>
      ${open && html`<${SideDialog} side=${side} close=${() => show(false)} />`}
    </header>
  `;
}

/** Nothing to show yet, or at all. @param {Omit<SideNow, "told"> & {side: import("./sides.js").Side}} props */
function Without({ side, reading, page }) {
  if (!reading || reading.running) return html`<div class="skeleton" role="status" aria-label=${t("page.waits")}>${[1, 2, 3, 4, 5, 6].map(() => html`<i></i>`)}</div>`;
  const error = reading.error ?? new Error(page?.warnings.join(" ") || t("stopped.before"));
  return html`
    <${Problem} error=${error} title=${t(reading.state === "stopped" ? "state.stopped" : "state.failed")}>
      <p><button class="button" onClick=${() => bench.again(side)}>${t("again")}</button></p>
    <//>
  `;
}

/** @param {{told: import("./texts.js").Told, page: import("../wire/types.js").Page, form: string}} props */
function Notes({ told, page, form }) {
  const empty = !told.text.trim();
  return html`
    ${page.warnings.length > 0 && html`<div class="notes">${page.warnings.map((text) => html`<div class="note" role="note"><${Icon} name="bell" /><p>${text}</p></div>`)}</div>`}
    ${empty && html`<p class="empty">${t("page.empty")}</p>`}
    ${form === "source" && told.joined && html`<p class="put-in">${t("compare.put_in")}</p>`}
  `;
}
