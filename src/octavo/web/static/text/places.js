// Where things of an answer stand in the Markdown of their page.

/** @typedef {import("../wire/types.js").Page} Page */
/** @typedef {{start: number, end: number}} Stretch */
/** @typedef {Stretch & {confidence: number}} Doubt */

/** Words that are less sure than this are marked. */
export const DOUBTFUL = 0.7;

/** More likely wrong than right. @param {number} confidence */
export function isStrong(confidence) {
  return confidence < 0.5;
}

/**
 * For each block of a page the stretch of its Markdown that it is, or null (headers that left it, tables that left it).
 * @param {Page} page
 * @returns {(Stretch | null)[]}
 */
export function stretchesOf(page) {
  const gone = { ...(page.header && { header: Infinity }), ...(page.footer && { footer: Infinity }) };
  return stretchesIn(page.markdown, page.blocks ?? [], { body: 0, ...gone });
}

/**
 * For each block the stretch of a text that it is, or null.
 * @param {string} text
 * @param {{type: string, content: string}[]} blocks
 * @param {Record<string, number> & {body: number}} begins where blocks of a kind begin in the text, infinite where they
 *   left it; kinds without a place of their own stand in the body
 * @returns {(Stretch | null)[]}
 */
export function stretchesIn(text, blocks, begins) {
  const from = { ...begins };
  return blocks.map((block) => {
    const part = block.type in from ? block.type : "body";
    const content = block.content.trim();
    const start = content ? text.indexOf(content, from[part]) : -1;
    if (start < 0) return null;
    from[part] = start + content.length;
    return { start, end: from[part] };
  });
}

/**
 * What a block says: tables that left the Markdown stand in `tables`.
 * @param {import("../wire/types.js").Block} block
 * @param {Page} page
 */
export function contentOf(block, page) {
  const table = block.type === "table" && block.table_id ? page.tables.find((each) => each.id === block.table_id) : null;
  return table ? table.content : block.content;
}

/**
 * Words of a page that are in doubt, at their places in its Markdown.
 * @param {Page} page
 * @returns {Doubt[]}
 */
export function doubtsOf(page) {
  const words = (page.confidence_scores?.word_confidence_scores ?? []).filter((word) => word.confidence < DOUBTFUL);
  if (!words.length) return [];
  const place = unitsOf(page.markdown);
  return words.map((word) => {
    const start = place(word.start_index);
    // The blank before a word belongs to it on the wire, and to nobody here.
    const blank = word.text.length - word.text.trimStart().length;
    return { start: start + blank, end: start + word.text.length, confidence: word.confidence };
  });
}

/**
 * From characters, which the API counts, to the units of JavaScript's strings.
 * @param {string} text
 * @returns {(count: number) => number}
 */
function unitsOf(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (count) => count;
  const starts = [0];
  for (const sign of text) starts.push(starts[starts.length - 1] + sign.length);
  return (count) => starts[Math.min(count, starts.length - 1)];
}

/**
 * The doubts that lie in a stretch, counted from its start.
 * @param {Doubt[]} doubts
 * @param {Stretch | null} stretch
 */
export function doubtsIn(doubts, stretch) {
  if (!stretch) return [];
  return doubts
    .filter((doubt) => doubt.start >= stretch.start && doubt.end <= stretch.end)
    .map((doubt) => ({ ...doubt, start: doubt.start - stretch.start, end: doubt.end - stretch.start }));
}
