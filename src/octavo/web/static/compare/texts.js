// The text of a page that is compared, and where its blocks stand in it.
import { contentOf, stretchesIn } from "../text/places.js";

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
  const blocks = (page.blocks ?? []).map((block) => ({ type: block.type, content: contentOf(block, page) }));
  return { text, stretches: stretchesIn(text, blocks, beginsOf(parts, text.length)), joined };
}

/** Where the parts that a text was joined from begin. @param {{header: string, body: string, footer: string}} parts @param {number} end */
function beginsOf({ header, footer }, end) {
  return { ...(header && { header: 0 }), body: header ? header.length + 2 : 0, ...(footer && { footer: end - footer.length }) };
}
