// The Markdown of a page as it is, block by block, with words in doubt marked.
import { html } from "../parts/html.js";
import { isStrong } from "../text/places.js";
import { t } from "../words/index.js";

/** @typedef {import("../text/places.js").Stretch} Stretch */
/** @typedef {import("../text/places.js").Doubt} Doubt */

/**
 * @param {{page: import("../wire/types.js").Page, stretches: (Stretch | null)[], doubts: Doubt[], block: number | null,
 *   choose: (block: number | null) => void}} props
 */
export function Source({ page, stretches, doubts, block, choose }) {
  /** @type {any[]} */
  const parts = [];
  let from = 0;
  stretches.forEach((stretch, number) => {
    if (!stretch) return;
    parts.push(page.markdown.slice(from, stretch.start));
    parts.push(html`
      <span key=${number} class=${number === block ? "part chosen" : "part"} data-block=${number} onClick=${() => choose(number)}>${marked(page.markdown, stretch, doubts)}</span>
    `);
    from = stretch.end;
  });
  parts.push(page.markdown.slice(from));
  return html`<pre class="source" dir="auto">${parts}</pre>`;
}

/** @param {string} markdown @param {Stretch} stretch @param {Doubt[]} doubts */
function marked(markdown, stretch, doubts) {
  /** @type {any[]} */
  const parts = [];
  let from = stretch.start;
  for (const doubt of doubts) {
    if (doubt.start < from || doubt.end > stretch.end) continue;
    parts.push(markdown.slice(from, doubt.start));
    const kind = isStrong(doubt.confidence) ? "doubt doubt-strong" : "doubt";
    parts.push(html`<mark class=${kind} title=${t("doubt", { percent: Math.round(doubt.confidence * 100) })}>${markdown.slice(doubt.start, doubt.end)}</mark>`);
    from = doubt.end;
  }
  parts.push(markdown.slice(from, stretch.end));
  return parts;
}
