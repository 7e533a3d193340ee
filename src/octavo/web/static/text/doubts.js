// Words in doubt, marked in rendered Markdown: signs that no document has travel through the rendering with them.

import { isStrong } from "./places.js";

/** @typedef {import("./places.js").Doubt} Doubt */

const OPEN = "\u{f8f0}";
const CLOSE = "\u{f8f1}";
const SIGNS = /[\u{f8f0}\u{f8f1}]/u;

/**
 * Markdown with a sign before and after each word in doubt.
 * @param {string} markdown
 * @param {Doubt[]} doubts in their order
 */
export function withSigns(markdown, doubts) {
  if (!doubts.length || SIGNS.test(markdown)) return markdown;
  let told = "";
  let from = 0;
  for (const { start, end } of doubts) {
    if (start < from) continue;
    told += markdown.slice(from, start) + OPEN + markdown.slice(start, end) + CLOSE;
    from = end;
  }
  return told + markdown.slice(from);
}

/**
 * Put a mark around what stands between two signs of one text; other signs just go.
 * @param {DocumentFragment} elements
 * @param {(confidence: number) => string} title
 * @param {Doubt[]} doubts in their order
 */
export function signsToMarks(elements, title, doubts) {
  for (const place of elements.querySelectorAll("[data-tex], [data-figure], a")) withoutSignsIn(place);
  const walker = document.createTreeWalker(elements, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (SIGNS.test(walker.currentNode.nodeValue ?? "")) texts.push(/** @type {Text} */ (walker.currentNode));
  let count = 0;
  for (const text of texts) {
    const pieces = (text.nodeValue ?? "").split(/([\u{f8f0}][^\u{f8f0}\u{f8f1}]*[\u{f8f1}]?)/u).filter(Boolean);
    text.replaceWith(...pieces.map((piece) => (piece[0] === OPEN ? markOf(piece, title, doubts[count++]) : piece.replaceAll(CLOSE, ""))));
  }
}

/**
 * @param {string} piece
 * @param {(confidence: number) => string} title
 * @param {Doubt | undefined} doubt
 */
function markOf(piece, title, doubt) {
  const mark = document.createElement("mark");
  mark.className = doubt && isStrong(doubt.confidence) ? "doubt doubt-strong" : "doubt";
  mark.textContent = piece.slice(1).replaceAll(CLOSE, "");
  if (doubt) mark.title = title(doubt.confidence);
  return mark;
}

/** @param {Element} place */
function withoutSignsIn(place) {
  for (const name of ["data-tex", "data-figure", "alt", "href", "title"]) {
    const value = place.getAttribute(name);
    if (value) place.setAttribute(name, value.replaceAll(OPEN, "").replaceAll(CLOSE, ""));
  }
  if (place.hasAttribute("data-tex")) place.textContent = (place.textContent ?? "").replaceAll(OPEN, "").replaceAll(CLOSE, "");
}
