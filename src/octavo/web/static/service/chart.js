// A chart with its name and what it says in words: whoever cannot see it misses nothing.
import { html, useEffect, useRef } from "../parts/html.js";
import { t } from "../words/index.js";
import { minutesAgo } from "./numbers.js";
import { Plot } from "./plot.js";

/**
 * @param {{name: string, told: string, shape: import("./plot.js").Shape, points: import("./plot.js").Points, children?: any}} props
 *   what is told says the same as the chart
 */
export function Chart({ name, told, shape, points, children }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const plot = useRef(/** @type {Plot | null} */ (null));
  useEffect(() => {
    const drawn = new Plot(/** @type {HTMLElement} */ (place.current), shape);
    plot.current = drawn;
    return () => drawn.end();
  }, [shape]);
  useEffect(() => plot.current?.show(points));
  return html`
    <figure class="chart">
      <figcaption><strong>${name}</strong> <span>${told}</span></figcaption>
      <div class=${`plot ${shape.kind}`} role="img" aria-label=${t("service.chart", { name })} ref=${place}></div>
      <p class="ends" aria-hidden="true"><span>${minutesAgo(shape.span / 60)}</span><span>${minutesAgo(0)}</span></p>
      ${children}
    </figure>
  `;
}
