// Boxes over the image of a page, in the pixels that the answer counts in.
import { html } from "../parts/html.js";
import { DOUBTFUL, isStrong } from "../text/places.js";
import { t } from "../words/index.js";

/** @typedef {import("../wire/types.js").Page} Page */

/** Of the page's width: how large a number is drawn. */
const BADGE = 0.019;

/**
 * @param {{page: Page, hidden: string[], block: number | null, choose: (block: number | null) => void,
 *   also?: (block: number) => string}} props `also`: more classes of a block
 */
export function Blocks({ page, hidden, block, choose, also }) {
  const { width, height } = /** @type {{width: number, height: number}} */ (page.dimensions);
  return html`
    <svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="group" aria-label=${t("blocks")}>
      ${(page.blocks ?? []).map(
        (each, number) =>
          !hidden.includes(each.type) && html`<${Box} key=${number} block=${each} number=${number} width=${width} also=${also?.(number) ?? ""} chosen=${number === block} choose=${choose} />`,
      )}
      <${Doubts} page=${page} />
    </svg>
  `;
}

/** Words in doubt, underlined. @param {{page: Page}} props */
function Doubts({ page }) {
  const words = page.confidence_scores?.word_confidence_scores ?? [];
  return words
    .filter((word) => word.confidence < DOUBTFUL && word.bottom_right_x !== undefined)
    .map(({ confidence, top_left_x: x = 0, top_left_y: y = 0, bottom_right_x: right = 0, bottom_right_y: bottom = 0 }) => {
      const kind = isStrong(confidence) ? "doubt-box doubt-box-strong" : "doubt-box";
      return html`<rect class=${kind} x=${x} y=${y} width=${right - x} height=${bottom - y} />`;
    });
}

/**
 * @param {{block: import("../wire/types.js").Block, number: number, width: number, also: string, chosen: boolean,
 *   choose: (block: number) => void}} props
 */
function Box({ block, number, width, also, chosen, choose }) {
  const [x, y] = [block.top_left_x, block.top_left_y];
  const size = width * BADGE;
  const text = String(number + 1);
  const wide = size * (0.75 + 0.55 * text.length);
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(number);
  };
  const chose = (/** @type {MouseEvent} */ event) => {
    event.stopPropagation();
    choose(number);
  };
  const name = t("block.name", { number: number + 1, kind: t(`kind.${block.type}`), text: block.content.slice(0, 60) });
  return html`
    <g class=${`box kind-${block.type}${chosen ? " chosen" : ""}${also}`} data-block=${number} role="button" tabindex="0" aria-label=${name} aria-pressed=${String(chosen)} onClick=${chose} onKeyDown=${pressed}>
      <rect class="area" x=${x} y=${y} width=${block.bottom_right_x - x} height=${block.bottom_right_y - y} />
      <g class="badge" transform="translate(${Math.max(0, x - wide * 0.85)} ${Math.max(0, y - size * 0.5)})">
        <rect width=${wide} height=${size * 1.15} rx=${size * 0.3} />
        <text x=${wide / 2} y=${size * 0.6} font-size=${size * 0.85}>${text}</text>
      </g>
    </g>
  `;
}
