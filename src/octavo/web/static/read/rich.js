// Markdown of one block, rendered: harmless elements, with marks, formulas and figures put in.
import { html, useLayoutEffect, useRef } from "../parts/html.js";
import { drawFormulas, elementsOf } from "../text/markdown.js";
import { signsToMarks, withSigns } from "../text/marks.js";
import { t } from "../words/index.js";
import { drawFigures } from "./figures.js";

/**
 * @template {import("../text/places.js").Stretch} Mark
 * @param {{markdown: string, marks: Mark[], draw: (mark: Mark) => HTMLElement, page: import("../wire/types.js").Page,
 *   reading: import("./reading.js").Reading}} props `marks`: stretches in their order; `draw`: an empty element for one
 */
export function Rich({ markdown, marks, draw, page, reading }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const { signed, count } = withSigns(markdown.trim(), marks);
    const elements = elementsOf(signed);
    signsToMarks(elements, count, (number) => draw(marks[number]));
    drawFigures(elements, page, reading);
    wrapTables(elements);
    const rich = /** @type {HTMLElement} */ (place.current);
    rich.replaceChildren(elements);
    drawFormulas(rich);
  }, [markdown, page, marks]);
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
