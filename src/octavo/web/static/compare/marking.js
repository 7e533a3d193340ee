// Which blocks of a page differ, and which of their words can be marked where they are rendered.

/** @typedef {import("../text/places.js").Stretch} Stretch */
/** @typedef {import("./sides.js").Side} Side */
/** @typedef {import("./difference.js").Difference} Difference */
/** @typedef {Stretch & {number: number}} Mark words of one block, and of which difference they are; empty where some are missing */
/** @typedef {{marks: Mark[], unmarked: number[]}} BlockMarks `unmarked`: differences in the block that are none of words */
/** @typedef {{number: number, before: number, empty: boolean}} Gap between blocks; `empty`: the other side says more there */

/** What must stay as it is, or the Markdown would say something else. */
const UNTOUCHABLE = /<[^<>]*>|!?\[[^\][]*\](?=\()|\]\([^)\n]*\)|\$\$[^$]+\$\$|\$[^$\n]+\$|&#?\w+;|\\.|^\s*\d+[.)]|^[|:\- \t]+$|^```.*$/gm;
/** What can be marked: words, and points and quotes that are no Markdown where they stand among words. */
const WORDS = /[\p{L}\p{M}\p{N}.,;:?/%'"’“”«»…–—()](?:[\p{L}\p{M}\p{N}.,;:?/%'"’“”«»…–—() -]*[\p{L}\p{M}\p{N}.,;:?/%'"’“”«»…–—()])?/gu;

/**
 * @param {{text: string, stretches: (Stretch | null)[]}} told
 * @param {Difference[]} differences
 * @param {Side} side
 * @param {string} other the text of the other side
 * @returns {{blocks: BlockMarks[], gaps: Gap[]}}
 */
export function marking(told, differences, side, other) {
  const blocks = told.stretches.map(() => /** @type {BlockMarks} */ ({ marks: [], unmarked: [] }));
  /** @type {Gap[]} */
  const gaps = [];
  differences.forEach((difference, number) => {
    const own = difference[side];
    const opposite = difference[side === "left" ? "right" : "left"];
    const whole = other.slice(opposite.start, opposite.end).includes("\n\n");
    const touched = told.stretches.flatMap((stretch, place) => (stretch && touches(own, stretch, whole) ? [place] : []));
    if (!touched.length) gaps.push({ number, before: placeOf(own, told.stretches), empty: own.start === own.end });
    for (const place of touched) markBlock(blocks[place], told, /** @type {Stretch} */ (told.stretches[place]), own, number);
  });
  return { blocks, gaps };
}

/**
 * An empty stretch touches the block at whose end it stands, unless whole blocks are missing there.
 * @param {Stretch} own
 * @param {Stretch} stretch
 * @param {boolean} whole
 */
function touches(own, stretch, whole) {
  const beside = own.start === own.end && !whole && (own.start === stretch.start || own.end === stretch.end);
  return beside || (own.start < stretch.end && own.end > stretch.start);
}

/** Before which block it stands. @param {Stretch} own @param {(Stretch | null)[]} stretches */
function placeOf(own, stretches) {
  const place = stretches.findIndex((stretch) => stretch && stretch.end > own.start);
  return place < 0 ? stretches.length : place;
}

/**
 * @param {BlockMarks} block
 * @param {{text: string}} told
 * @param {Stretch} stretch
 * @param {Stretch} own
 * @param {number} number
 */
function markBlock(block, told, stretch, own, number) {
  const content = told.text.slice(stretch.start, stretch.end);
  const from = Math.max(0, own.start - stretch.start);
  const to = Math.min(content.length, own.end - stretch.start);
  const free = content.replace(UNTOUCHABLE, (kept) => "\n".repeat(kept.length));
  const words = own.start === own.end ? placeIn(free, from) : wordsIn(free, from, to);
  if (words.length) block.marks.push(...words.map((word) => ({ ...word, number })));
  else block.unmarked.push(number);
}

/**
 * @param {string} free Markdown of a block, what is untouchable in it left blank
 * @param {number} from
 * @param {number} to
 * @returns {Stretch[]}
 */
function wordsIn(free, from, to) {
  return [...free.slice(from, to).matchAll(WORDS)].map(({ index, 0: { length } }) => ({ start: from + index, end: from + index + length }));
}

/** Where something is missing, unless it is where Markdown looks for its signs. @param {string} free @param {number} at @returns {Stretch[]} */
function placeIn(free, at) {
  return /[\p{L}\p{M}\p{N}.,;:?] ?$/u.test(free.slice(0, at)) ? [{ start: at, end: at }] : [];
}
