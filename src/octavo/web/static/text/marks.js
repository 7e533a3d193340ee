// Stretches of Markdown, marked where they are rendered: signs that no document has travel through the rendering with them.

/** @typedef {import("./places.js").Stretch} Stretch */

/** The first of the signs that begin a stretch, which tell its number; another ends it. All are private (plane 15). */
const FIRST = 0xf0000;
const CLOSE = "\u{ffffd}";
const SIGN = /[\u{f0000}-\u{ffffd}]/u;
const SIGNS = /[\u{f0000}-\u{ffffd}]/gu;
const STRETCH = /([\u{f0000}-\u{ffffc}][^\u{f0000}-\u{ffffd}]*\u{ffffd}?)/u;
const MOST = 0xfff0;

/**
 * Markdown with a sign before and after each stretch.
 * @param {string} markdown
 * @param {Stretch[]} stretches in their order
 */
export function withSigns(markdown, stretches) {
  if (!stretches.length || stretches.length > MOST || SIGN.test(markdown)) return markdown;
  let told = "";
  let from = 0;
  for (const [number, { start, end }] of stretches.entries()) {
    if (start < from) continue;
    told += markdown.slice(from, start) + String.fromCodePoint(FIRST + number) + markdown.slice(start, end) + CLOSE;
    from = end;
  }
  return told + markdown.slice(from);
}

/**
 * Put a mark around what stands between two signs of one text; other signs just go.
 * @param {DocumentFragment} elements
 * @param {(number: number) => HTMLElement} draw the mark of a stretch, empty
 */
export function signsToMarks(elements, draw) {
  for (const place of elements.querySelectorAll("[data-tex], [data-figure], a")) withoutSignsIn(place);
  const walker = document.createTreeWalker(elements, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (SIGN.test(walker.currentNode.nodeValue ?? "")) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) {
    const pieces = (text.nodeValue ?? "").split(STRETCH).filter(Boolean);
    text.replaceWith(...pieces.map((piece) => markOf(piece, draw)));
  }
}

/** @param {string} piece @param {(number: number) => HTMLElement} draw */
function markOf(piece, draw) {
  const first = /** @type {number} */ (piece.codePointAt(0));
  const text = piece.replace(SIGNS, "");
  if (first < FIRST || piece.startsWith(CLOSE)) return text;
  const mark = draw(first - FIRST);
  mark.textContent = text;
  return mark;
}

/** @param {Element} place */
function withoutSignsIn(place) {
  for (const name of ["data-tex", "data-figure", "alt", "href", "title"]) {
    const value = place.getAttribute(name);
    if (value) place.setAttribute(name, value.replace(SIGNS, ""));
  }
  if (place.hasAttribute("data-tex")) place.textContent = (place.textContent ?? "").replace(SIGNS, "");
}
