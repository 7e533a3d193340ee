// The text of a page: rendered block by block, or as its Markdown.
import { html, useEffect, useMemo, useRef, useState } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { showBlock } from "../parts/show_block.js";
import { Tabs } from "../parts/tabs.js";
import { contentOf, doubtsIn, doubtsOf, isStrong, stretchesOf } from "../text/places.js";
import { t } from "../words/index.js";
import { Rich } from "./rich.js";
import { Source } from "./source.js";

/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("../wire/types.js").Page} Page */

/**
 * @param {{reading: Reading, index: number, block: number | null, choose: (block: number | null) => void,
 *   search: import("./search.js").Search}} props
 */
export function TextPane({ reading, index, block, choose, search }) {
  const [form, show] = useState("text");
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const page = reading.pages.get(index);
  useEffect(() => showBlock(place.current, block), [block]);
  useEffect(() => void (place.current && (place.current.scrollTop = 0)), [index]);
  useEffect(() => search.lookAt(place.current, index));
  return html`
    <section class="text-pane" aria-label=${t("pane.text")}>
      <header>
        <${Tabs} label=${t("forms")} names=${[["text", t("form.text")], ["source", t("form.source")]]} chosen=${form} choose=${show} />
        ${page && html`<span class="end">${told(page)}</span>`}
      </header>
      <div class="scroll" ref=${place} tabindex="0" aria-label=${t("pane.text")} role="region">
        ${page ? html`<${Content} key=${index} page=${page} reading=${reading} form=${form} block=${block} choose=${choose} />` : html`<${Waiting} reading=${reading} />`}
      </div>
    </section>
  `;
}

/** Where the words came from, and how sure they are. @param {Page} page */
function told(page) {
  const sure = page.confidence_scores?.average_page_confidence_score;
  const source = t(`source.${page.octavo.text_source}`);
  return sure === undefined ? source : `${source} · ${t("sure", { percent: Math.round(sure * 100) })}`;
}

/** @param {{reading: Reading}} props */
function Waiting({ reading }) {
  if (!reading.running) return html`<p class="empty">${t("page.unread")}</p>`;
  return html`<div class="skeleton" role="status" aria-label=${t("page.waits")}>${[1, 2, 3, 4, 5, 6].map(() => html`<i></i>`)}</div>`;
}

/** @param {{page: Page, reading: Reading, form: string, block: number | null, choose: (block: number | null) => void}} props */
function Content({ page, reading, form, block, choose }) {
  const stretches = useMemo(() => stretchesOf(page), [page]);
  const doubts = useMemo(() => doubtsOf(page), [page]);
  const within = useMemo(() => stretches.map((stretch) => doubtsIn(doubts, stretch)), [page]);
  const blocks = page.blocks ?? [];
  const empty = !blocks.length && !page.markdown.trim();
  return html`
    ${page.warnings.length > 0 && html`<${Warnings} page=${page} />`}
    ${empty && !page.octavo.error_code && html`<p class="empty">${t("page.empty")}</p>`}
    ${form === "source"
      ? html`<${Source} page=${page} stretches=${stretches} doubts=${doubts} block=${block} choose=${choose} />`
      : blocks.map(
          (each, number) => html`
            <${Block} key=${number} block=${each} number=${number} page=${page} reading=${reading} doubts=${within[number]} chosen=${number === block} choose=${choose} />
          `,
        )}
  `;
}

/** @param {{page: Page}} props */
function Warnings({ page }) {
  const failed = page.octavo.error_code !== null;
  return html`
    <div class="notes">
      ${page.warnings.map((text) => html`<div class=${failed ? "note bad" : "note"} role="note"><${Icon} name="bell" /><p>${text}</p></div>`)}
    </div>
  `;
}

/**
 * @param {{block: import("../wire/types.js").Block, number: number, page: Page, reading: Reading,
 *   doubts: import("../text/places.js").Doubt[], chosen: boolean, choose: (block: number) => void}} props
 */
function Block({ block, number, page, reading, doubts, chosen, choose }) {
  const side = ["header", "footer"].includes(block.type) ? " furniture-block" : "";
  const pick = (/** @type {MouseEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.closest("a") && !getSelection()?.toString()) choose(number);
  };
  return html`
    <div class=${`block kind-${block.type}${side}${chosen ? " chosen" : ""}`} data-block=${number} onClick=${pick}>
      <${Rich} markdown=${contentOf(block, page)} marks=${doubts} draw=${drawDoubt} page=${page} reading=${reading} />
    </div>
  `;
}

/** @param {import("../text/places.js").Doubt} doubt */
function drawDoubt({ confidence }) {
  const mark = document.createElement("mark");
  mark.className = isStrong(confidence) ? "doubt doubt-strong" : "doubt";
  mark.title = t("doubt", { percent: Math.round(confidence * 100) });
  return mark;
}
