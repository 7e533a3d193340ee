// Markdown of one block, rendered: harmless elements, with marks, formulas and figures put in.
import { html, useLayoutEffect, useRef } from "../parts/html.js";
import { signsToMarks, withSigns } from "../text/doubts.js";
import { drawFormulas, elementsOf } from "../text/markdown.js";
import { t } from "../words/index.js";
import { drawFigures } from "./figures.js";

/**
 * @param {{markdown: string, doubts: import("../text/places.js").Doubt[], page: import("../wire/types.js").Page,
 *   reading: import("./reading.js").Reading}} props
 */
export function Rich({ markdown, doubts, page, reading }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const elements = elementsOf(withSigns(markdown.trim(), doubts));
    signsToMarks(elements, (sure) => t("doubt", { percent: Math.round(sure * 100) }), doubts);
    drawFigures(elements, page, reading);
    wrapTables(elements);
    const rich = /** @type {HTMLElement} */ (place.current);
    rich.replaceChildren(elements);
    drawFormulas(rich);
  }, [markdown, page]);
  return html`<div class="rich" ref=${place} dir="auto"></div>`;
}

/** Wide tables scroll by themselves, by keyboard too. @param {DocumentFragment} elements */
function wrapTables(elements) {
  for (const table of elements.querySelectorAll("table")) {
    const around = document.createElement("div");
    around.className = "table-scroll";
    around.tabIndex = 0;
    around.role = "region";
    around.ariaLabel = t("kind.table");
    table.replaceWith(around);
    around.append(table);
  }
}
