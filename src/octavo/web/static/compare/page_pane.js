// The page as it looks, with the blocks of one side drawn over it, or of both.
import { html, useState } from "../parts/html.js";
import { PageImage } from "../parts/page_image.js";
import { Tabs } from "../parts/tabs.js";
import { Blocks } from "../read/blocks.js";
import { t } from "../words/index.js";
import { bench } from "./bench.js";
import { SIDES } from "./sides.js";

/** @typedef {import("./sides.js").Side} Side */
/** @typedef {import("./comparison.js").Chosen} Chosen */

const WIDTH = 1200;

/**
 * @param {{sides: Record<Side, import("./comparison.js").SideNow>, marks: import("./comparison.js").Marks, chosen: Chosen | null,
 *   choose: (chosen: Chosen | null) => void}} props
 */
export function PagePane({ sides, marks, chosen, choose }) {
  const [wanted, want] = useState("both");
  const turned = SIDES.map((side) => sides[side].page?.octavo.turned ?? 0);
  const apart = turned[0] !== turned[1];
  const shown = apart && wanted === "both" ? "left" : wanted;
  const drawn = SIDES.filter((side) => shown === "both" || shown === side);
  const { reading } = [...drawn, ...SIDES].map((side) => sides[side]).find((side) => side.reading?.indices.length) ?? sides.left;
  const names = [["left", t("compare.left")], ["both", t("compare.both")], ["right", t("compare.right")]].filter(([name]) => !apart || name !== "both");
  return html`
    <section class=${`page-pane boxes-${shown}`} aria-label=${t("pane.page")}>
      <div class="scroll" tabindex="-1" onClick=${() => choose(null)}>
        <div class="sheet">
          ${reading && reading.indices.length > 0 && html`<${PageImage} key=${bench.index} address=${reading.imageOf(bench.index, WIDTH)} index=${bench.index} password=${bench.password} />`}
          ${drawn.map((side) => html`<${Boxes} key=${side} side=${side} page=${sides[side].page} marks=${marks?.[side]} chosen=${chosen} choose=${choose} />`)}
        </div>
      </div>
      <footer class="legend">
        <${Tabs} label=${t("compare.boxes")} names=${names} chosen=${shown} choose=${want} />
        <span class="key"><i class="of-left"></i>${t("compare.left")}<i class="of-right"></i>${t("compare.right")}</span>
        ${apart && html`<span>${t("compare.turned")}</span>`}
      </footer>
    </section>
  `;
}

/**
 * @param {{side: Side, page: import("../wire/types.js").Page | undefined, marks: ReturnType<typeof
 *   import("./marking.js").marking> | undefined, chosen: Chosen | null, choose: (chosen: Chosen | null) => void}} props
 */
function Boxes({ side, page, marks, chosen, choose }) {
  if (!page?.dimensions) return null;
  const differs = (/** @type {number} */ number) => {
    const block = marks?.blocks[number];
    return block && (block.marks.length || block.unmarked.length) ? " differs" : "";
  };
  const pick = (/** @type {number | null} */ number) => choose(number === null ? null : { side, number });
  return html`
    <div class=${`boxes of-${side}`} role="group" aria-label=${t(`compare.${side}`)}>
      <${Blocks} page=${page} hidden=${[]} block=${chosen?.side === side ? chosen.number : null} choose=${pick} also=${differs} />
    </div>
  `;
}
