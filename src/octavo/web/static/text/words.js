// What is written in elements, and where words stand in them, over any marks and breaks.

/** What is drawn after the text, or instead of it: no words to look for. */
const DRAWN = "[data-tex], .formula, .formula-block, .formula-source, .figure, .figure-alt";
const BLOCKS = "p, li, tr, td, th, h1, h2, h3, h4, h5, h6, pre, blockquote, table";
const APART = "\u0000";

/** Without accents and capitals; as many units as before, so that places stay. @param {string} text */
export function plain(text) {
  return [...text].map((sign) => plainSign(sign)).join("");
}

/** @param {string} sign */
function plainSign(sign) {
  const bare = sign.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.length === sign.length ? bare : sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign;
}

/** What finds `wanted`, which is plain, in plain text: blanks stand for breaks of lines too. @param {string} wanted */
export function finder(wanted) {
  const words = wanted.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(words.join("\\s+"), "g");
}

/** @param {Node} elements @returns {string} plain */
export function wordsOf(elements) {
  return piecesOf(elements).text;
}

/**
 * @param {Node} elements
 * @param {RegExp} found what `finder` gives
 * @returns {Range[]}
 */
export function rangesOf(elements, found) {
  const { text, pieces } = piecesOf(elements);
  return [...text.matchAll(found)].map(({ index, 0: { length } }) => {
    const range = new Range();
    const first = pieceAt(pieces, index);
    const last = pieceAt(pieces, index + length - 1);
    range.setStart(first.node, index - first.start);
    range.setEnd(last.node, index + length - last.start);
    return range;
  });
}

/** @typedef {{node: Text, start: number}} Piece a stretch of the text, and where it comes from */

/** @param {Piece[]} pieces @param {number} at */
function pieceAt(pieces, at) {
  return /** @type {Piece} */ (pieces.findLast(({ start }) => start <= at));
}

/** The text of elements, with signs between those that stand apart. @param {Node} elements */
function piecesOf(elements) {
  const walker = document.createTreeWalker(elements, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, shown);
  /** @type {Piece[]} */
  const pieces = [];
  let text = "";
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!(node instanceof Text)) {
      text += node.nodeName === "BR" ? " " : APART;
      continue;
    }
    pieces.push({ node, start: text.length });
    text += plain(node.data);
  }
  return { text, pieces };
}

/** @param {Node} node */
function shown(node) {
  if (node instanceof Text) return NodeFilter.FILTER_ACCEPT;
  const element = /** @type {Element} */ (node);
  if (element.matches(DRAWN)) return NodeFilter.FILTER_REJECT;
  return element.matches("br") || element.matches(BLOCKS) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
}
