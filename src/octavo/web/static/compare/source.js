// The Markdown of one side, with what differs marked.
import { html, useMemo } from "../parts/html.js";

/** @typedef {import("./difference.js").Difference} Difference */

/** @param {{side: import("./sides.js").Side, text: string, differences: Difference[]}} props */
export function Source({ side, text, differences }) {
  const parts = useMemo(() => partsOf(side, text, differences), [side, text, differences]);
  return html`<pre class="source" dir="auto">${parts}</pre>`;
}

/** @param {import("./sides.js").Side} side @param {string} text @param {Difference[]} differences */
function partsOf(side, text, differences) {
  const name = side === "left" ? "del" : "ins";
  /** @type {any[]} */
  const parts = [];
  let from = 0;
  for (const [number, difference] of differences.entries()) {
    const { start, end } = difference[side];
    parts.push(text.slice(from, start));
    parts.push(start === end ? html`<span class="nothing" data-differences=${number}></span>` : html`<${name} data-differences=${number}>${withSigns(text.slice(start, end))}<//>`);
    from = end;
  }
  parts.push(text.slice(from));
  return parts;
}

/** Where only blanks differ they are to be seen. @param {string} text */
function withSigns(text) {
  if (text.trim()) return text;
  return [...text].map((sign) => html`<i class=${sign === "\n" ? "line-end" : "blank"}></i>${sign}`);
}
