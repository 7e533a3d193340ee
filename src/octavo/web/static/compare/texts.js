// The text of a page that is compared, and where its blocks stand in it.
import { contentOf } from "../text/places.js";

/** @typedef {import("../wire/types.js").Page} Page */
/** @typedef {import("../wire/types.js").Block} Block */
/** @typedef {import("../text/places.js").Stretch} Stretch */
/** @typedef {{text: string, stretches: (Stretch | null)[], joined: boolean}} Told `stretches`: of each block; `joined`:
 *   something that left the Markdown was put in again */

const LINK = /\[([^\][\n]+)\]\(\1\)/g;

/**
 * The Markdown of a page. What the options took out of it stands in it again: tables where they were, a running header
 * above, a running footer below. Else differences in them would go unseen.
 * @param {Page} page
 * @returns {Told}
 */
export function toldBy(page) {
  const tables = new Map(page.tables.map(({ id, content }) => [id, content]));
  const body = page.markdown.replace(LINK, (link, id) => tables.get(id) ?? link);
  const parts = { header: page.header ?? "", body, footer: page.footer ?? "" };
  const text = Object.values(parts).filter(Boolean).join("\n\n");
  const joined = tables.size > 0 || Boolean(page.header || page.footer);
  return { text, stretches: stretchesIn(text, parts, page), joined };
}

/**
 * @param {string} text
 * @param {Record<string, string>} parts that it was joined from
 * @param {Page} page
 * @returns {(Stretch | null)[]}
 */
function stretchesIn(text, parts, page) {
  const from = { header: 0, body: parts.header ? parts.header.length + 2 : 0, footer: text.length - parts.footer.length };
  return (page.blocks ?? []).map((block) => {
    const part = /** @type {keyof typeof from} */ (parts[block.type] ? block.type : "body");
    const content = contentOf(block, page).trim();
    const start = content ? text.indexOf(content, from[part]) : -1;
    if (start < 0) return null;
    from[part] = start + content.length;
    return { start, end: from[part] };
  });
}
