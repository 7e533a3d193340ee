// The page as it looks, with its blocks drawn over it: by kind, numbered in reading order.
import { html, useEffect, useRef, useState } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { PageImage } from "../parts/page_image.js";
import { showBlock } from "../parts/show_block.js";
import { t } from "../words/index.js";
import { Blocks } from "./blocks.js";

/** @typedef {import("./reading.js").Reading} Reading */

const WIDTHS = [800, 1200, 1600, 2000];
const ZOOMS = [0.5, 0.75, 1, 1.5, 2, 3];

/**
 * @param {{reading: Reading, index: number, next: number | undefined, block: number | null,
 *   choose: (block: number | null) => void}} props
 */
export function PagePane({ reading, index, next, block, choose }) {
  const [zoom, setZoom] = useState(1);
  const [hidden, hide] = useState(/** @type {string[]} */ ([]));
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const width = widthFor(place.current, zoom);
  const page = reading.pages.get(index);
  useEffect(() => void (next !== undefined && !reading.options.password && (new Image().src = reading.imageOf(next, width))), [next, width]);
  useEffect(() => showBlock(place.current, block), [block]);
  return html`
    <section class="page-pane" aria-label=${t("pane.page")}>
      <div class="scroll" ref=${place} tabindex="-1" onClick=${() => choose(null)}>
        <div class="sheet" style=${{ width: `${zoom * 100}%` }}>
          ${reading.indices.length > 0 && html`<${PageImage} key=${index} address=${reading.imageOf(index, width)} index=${index} password=${reading.options.password} />`}
          ${page?.dimensions && html`<${Blocks} page=${page} hidden=${hidden} block=${block} choose=${choose} />`}
        </div>
      </div>
      <footer class="legend">
        <div class="kinds"><${Kinds} page=${page} hidden=${hidden} hide=${hide} /></div>
        <span class="end">
          <button class="button quiet small" aria-label=${t("zoom.out")} disabled=${zoom === ZOOMS[0]} onClick=${() => setZoom(step(zoom, -1))}><${Icon} name="less" /></button>
          <button class="button quiet small" aria-label=${t("zoom.fit")} title=${t("zoom.fit")} onClick=${() => setZoom(1)}>${Math.round(zoom * 100)} %</button>
          <button class="button quiet small" aria-label=${t("zoom.in")} disabled=${zoom === ZOOMS[ZOOMS.length - 1]} onClick=${() => setZoom(step(zoom, 1))}><${Icon} name="more" /></button>
        </span>
      </footer>
    </section>
  `;
}

/** @param {number} zoom @param {number} by */
function step(zoom, by) {
  return ZOOMS[ZOOMS.indexOf(zoom) + by] ?? zoom;
}

/** Pixels to ask for. @param {HTMLElement | null} pane @param {number} zoom */
function widthFor(pane, zoom) {
  const wanted = (pane?.clientWidth ?? 600) * zoom * devicePixelRatio;
  return WIDTHS.find((width) => width >= wanted) ?? WIDTHS[WIDTHS.length - 1];
}

/**
 * The kinds of blocks on the page; each can be hidden.
 * @param {{page: import("../wire/types.js").Page | undefined, hidden: string[], hide: (kinds: string[]) => void}} props
 */
function Kinds({ page, hidden, hide }) {
  const kinds = [...new Set((page?.blocks ?? []).map((block) => block.type))];
  const flip = (/** @type {string} */ kind) => hide(hidden.includes(kind) ? hidden.filter((each) => each !== kind) : [...hidden, kind]);
  return kinds.map(
    (kind) => html`
      <button key=${kind} class="kind" aria-pressed=${String(!hidden.includes(kind))} onClick=${() => flip(kind)}>
        <i class=${`kind-${kind}`} style=${{ background: "currentcolor" }}></i>${t(`kind.${kind}`)}
      </button>
    `,
  );
}
