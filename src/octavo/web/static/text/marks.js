// Stretches of Markdown, marked where they are rendered: signs that no document has travel through the rendering with them.

/** @typedef {import("./places.js").Stretch} Stretch */

/** The first of the signs that begin a stretch, which tell its number; another ends it. All are private (plane 15). */
const FIRST = 0xf0000;
const CLOSE = "\u{ffffd}";
const SIGN = /[\u{f0000}-\u{ffffd}]/u;
const SIGNS = /[\u{f0000}-\u{ffffd}]/gu;
const STRETCH = /([\u{f0000}-\u{ffffc}][^\u{f0000}-\u{ffffd}]*\u{ffffd}?)/u;
/** A sign as an address has it. */
const CODED = /%F3%B[0-9A-F]%[89AB][0-9A-F]%[89AB][0-9A-F]/gi;
const MOST = 0xfff0;
/** What means something at the beginning of a line, and nothing behind a sign. */
const LEADING = /^(?:[|:=\- \t]+$|[ \t]*(?:(?:\d+[.)]|[-+*>]|#{1,6})(?=\s|$)|\$\$|`{3}.*$|~{3}.*$))/gm;
/** What means something as a whole, and nothing with a sign in it. */
const WHOLE = /<[^<>]*>|!\[[^\][]*\]|\]\([^)\n]{0,2000}\)|\$\$[^$]+\$\$|\$[^$\n]+\$|&#?\w+;|\\./g;
/** A sign that is the document's own, also written as an entity or as an address writes it. */
const OWN = /[\u{f0000}-\u{ffffd}]|&#(?:x0*f[\da-f]{4}|0*(?:98|99|10)\d{4})|%f3%b/iu;

/**
 * Markdown with a sign before and after each stretch; none at all where the document has such signs itself.
 * @param {string} markdown
 * @param {Stretch[]} stretches in their order
 * @returns {{signed: string, count: number}} `count`: the signs that begin a stretch are fewer
 */
export function withSigns(markdown, stretches) {
  if (!stretches.length || stretches.length > MOST || OWN.test(markdown)) return { signed: markdown, count: 0 };
  const spoils = spoilersIn(markdown);
  let told = "";
  let from = 0;
  for (const [number, { start, end }] of stretches.entries()) {
    if (start < from || spoils({ start, end })) continue;
    told += markdown.slice(from, start) + String.fromCodePoint(FIRST + number) + markdown.slice(start, end) + CLOSE;
    from = end;
  }
  return { signed: told + markdown.slice(from), count: stretches.length };
}

/** What tells of a stretch whether signs around it would change what the Markdown says. @param {string} markdown */
function spoilersIn(markdown) {
  const leading = placesOf(markdown, LEADING);
  const whole = placesOf(markdown, WHOLE);
  return (/** @type {Stretch} */ { start, end }) =>
    leading.some((place) => start < place.end && end > place.start) ||
    whole.some((place) => (place.start < start && start < place.end) || (place.start < end && end < place.end));
}

/** @param {string} markdown @param {RegExp} sought @returns {Stretch[]} */
function placesOf(markdown, sought) {
  return [...markdown.matchAll(sought)].map(({ index, 0: { length } }) => ({ start: index, end: index + length }));
}

/**
 * Put a mark around what stands between two signs of one text; other signs just go.
 * @param {DocumentFragment} elements
 * @param {number} count of the signs that were put in
 * @param {(number: number) => HTMLElement} draw the mark of a stretch, empty
 */
export function signsToMarks(elements, count, draw) {
  if (!count) return;
  for (const place of elements.querySelectorAll("[data-tex], [data-figure], a")) withoutSignsIn(place);
  const walker = document.createTreeWalker(elements, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (SIGN.test(walker.currentNode.nodeValue ?? "")) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) {
    const pieces = (text.nodeValue ?? "").split(STRETCH).filter(Boolean);
    text.replaceWith(...pieces.map((piece) => markOf(piece, count, draw)));
  }
}

/** @param {string} piece @param {number} count @param {(number: number) => HTMLElement} draw */
function markOf(piece, count, draw) {
  const number = /** @type {number} */ (piece.codePointAt(0)) - FIRST;
  const text = piece.replace(SIGNS, "");
  if (number < 0 || number >= count) return text;
  const mark = draw(number);
  mark.textContent = text;
  return mark;
}

/** @param {Element} place */
function withoutSignsIn(place) {
  for (const name of ["data-tex", "data-figure", "alt", "href", "title"]) {
    const value = place.getAttribute(name);
    if (value) place.setAttribute(name, value.replace(SIGNS, "").replace(CODED, ""));
  }
  if (place.hasAttribute("data-tex")) place.textContent = (place.textContent ?? "").replace(SIGNS, "");
}
