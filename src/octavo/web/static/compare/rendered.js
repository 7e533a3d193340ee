// The text of one side as it looks, block by block: those that differ are marked, and the words in them that do.
import { html } from "../parts/html.js";
import { Rich } from "../read/rich.js";
import { contentOf } from "../text/places.js";
import { t } from "../words/index.js";

/** @typedef {import("./sides.js").Side} Side */
/** @typedef {import("./marking.js").Mark} Mark */
/** @typedef {ReturnType<typeof import("./marking.js").marking>} Marks */

const MOST_SIGNS = 24;

/** @type {Mark[]} */
const NONE = [];

/**
 * @param {{side: Side, page: import("../wire/types.js").Page, reading: import("../read/reading.js").Reading,
 *   told: import("./texts.js").Told, found: import("./difference.js").Found | null, marks: Marks | undefined,
 *   block: number | null, choose: (block: number) => void}} props
 */
export function Rendered({ side, page, reading, told, found, marks, block, choose }) {
  const blocks = page.blocks ?? [];
  return html`
    ${blocks.map(
      (each, number) => html`
        <${Gaps} marks=${marks} before=${number} />
        <${Block} key=${number} block=${each} number=${number} page=${page} reading=${reading} marks=${marks?.blocks[number]} side=${side} told=${told} found=${found} chosen=${number === block} choose=${choose} />
      `,
    )}
    <${Gaps} marks=${marks} before=${told.stretches.length} />
  `;
}

/** Where the other side has blocks that are missing here. @param {{marks: Marks | undefined, before: number}} props */
function Gaps({ marks, before }) {
  const here = (marks?.gaps ?? []).filter((gap) => gap.before === before);
  if (!here.length) return null;
  const numbers = here.map(({ number }) => number).join(" ");
  return html`<p class="gap" data-differences=${numbers}>${t(here.some(({ empty }) => empty) ? "compare.missing" : "compare.parted")}</p>`;
}

/**
 * @param {{block: import("../wire/types.js").Block, number: number, page: import("../wire/types.js").Page,
 *   reading: import("../read/reading.js").Reading, marks: import("./marking.js").BlockMarks | undefined,
 *   side: Side, told: import("./texts.js").Told, found: import("./difference.js").Found | null, chosen: boolean, choose: (block: number) => void}} props
 */
function Block({ block, number, page, reading, marks, side, told, found, chosen, choose }) {
  const unmarked = marks?.unmarked ?? [];
  const differs = unmarked.length > 0 || (marks?.marks.length ?? 0) > 0;
  const pick = (/** @type {MouseEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.closest("a") && !getSelection()?.toString()) choose(number);
  };
  return html`
    <div class=${`block kind-${block.type}${differs ? " differs" : ""}${unmarked.length ? " otherwise" : ""}${chosen ? " chosen" : ""}`} data-block=${number} data-differences=${unmarked.length ? unmarked.join(" ") : null} onClick=${pick}>
      ${differs && html`<span class="hidden-text">${t("compare.differs")}</span>`}
      ${unmarked.length > 0 && html`<${Signs} side=${side} told=${told} differences=${unmarked.map((each) => found?.differences[each])} />`}
      <${Rich} markdown=${contentOf(block, page)} marks=${marks?.marks ?? NONE} draw=${drawers[side]} page=${page} reading=${reading} />
    </div>
  `;
}

/**
 * What differs but is no word, such as the signs of a heading: as it stands in the Markdown.
 * @param {{side: Side, told: import("./texts.js").Told, differences: import("./difference.js").Difference[]}} props
 */
function Signs({ side, told, differences }) {
  const signs = differences.map(({ [side]: { start, end } }) => told.text.slice(start, Math.min(end, start + MOST_SIGNS)).trim()).filter(Boolean);
  const name = side === "left" ? "del" : "ins";
  return html`<span class="signs" title=${t("compare.otherwise")}>${signs.length ? signs.map((each) => html`<${name}>${each}<//>`) : t("compare.otherwise")}</span>`;
}

/** Marks of words. @type {Record<Side, (mark: Mark) => HTMLElement>} */
const drawers = { left: drawer("del"), right: drawer("ins") };

/** @param {"del" | "ins"} name @returns {(mark: Mark) => HTMLElement} */
function drawer(name) {
  return ({ start, end, number }) => {
    const mark = document.createElement(start === end ? "span" : name);
    if (start === end) mark.className = "nothing";
    mark.dataset.differences = String(number);
    return mark;
  };
}
