// What differs between two texts: words as people see them, or lines where words would take too long.
import Diff from "../vendor/diff.js";

/** @typedef {import("../text/places.js").Stretch} Stretch */
/** @typedef {{left: Stretch, right: Stretch}} Difference what the left has, and the right instead; either may be empty */
/** @typedef {{by: "words" | "lines" | "page", alike: number, differences: Difference[]}} Found `alike`: share of the
 *   tokens that both have, 0 to 1 */

/** Milliseconds that are spent on words, and then on lines. */
const PATIENCE = 2000;

/** Scripts that part no words by blanks. */
const UNPARTED = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";

/** A number with its points, a sign of those scripts, a word, blanks, the same mark again and again. */
const TOKEN = new RegExp(
  `\\p{N}+(?:[.,:/'’]\\p{N}+)*(?![\\p{L}\\p{M}\\p{N}])|[${UNPARTED}]|(?:(?![${UNPARTED}])[\\p{L}\\p{M}\\p{N}])+|\\s+|([^\\p{L}\\p{M}\\p{N}\\s])\\1*`,
  "gu",
);

/** @param {string} text */
export function tokensOf(text) {
  return text.match(TOKEN) ?? [];
}

/**
 * @param {string} left
 * @param {string} right
 * @param {number} [patience] milliseconds for each try
 * @returns {Found}
 */
export function differencesOf(left, right, patience = PATIENCE) {
  const words = changesOf(tokensOf(left), tokensOf(right), patience);
  if (words) return { by: "words", alike: alike(words), differences: joined(differencesIn(words), left, right) };
  const lines = changesOf(linesOf(left), linesOf(right), patience);
  if (lines) return { by: "lines", alike: alike(lines), differences: differencesIn(lines) };
  const all = { left: { start: 0, end: left.length }, right: { start: 0, end: right.length } };
  return { by: "page", alike: 0, differences: [all] };
}

/** Each with the sign that ends it. @param {string} text */
function linesOf(text) {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** @typedef {{value: string[], added?: boolean, removed?: boolean}} Change */

/**
 * @param {string[]} left
 * @param {string[]} right
 * @param {number} timeout
 * @returns {Change[] | undefined} none where it takes longer
 */
function changesOf(left, right, timeout) {
  return Diff.diffArrays(left, right, { timeout });
}

/** @param {Change[]} changes */
function alike(changes) {
  const count = (/** @type {(change: Change) => boolean} */ which) =>
    changes.filter(which).reduce((sum, { value }) => sum + value.filter((token) => token.trim()).length, 0);
  const all = Math.max(count(({ added }) => !added), count(({ removed }) => !removed));
  return all ? count(({ added, removed }) => !added && !removed) / all : 1;
}

/** @param {Change[]} changes @returns {Difference[]} */
function differencesIn(changes) {
  /** @type {Difference[]} */
  const differences = [];
  let [left, right, open] = [0, 0, false];
  for (const { value, added, removed } of changes) {
    const length = value.reduce((sum, token) => sum + token.length, 0);
    if (!added && !removed) {
      [left, right, open] = [left + length, right + length, false];
      continue;
    }
    if (!open) differences.push({ left: { start: left, end: left }, right: { start: right, end: right } });
    open = true;
    const last = differences[differences.length - 1];
    if (removed) last.left.end = left += length;
    else last.right.end = right += length;
  }
  return differences;
}

/**
 * Those that only blanks on one line part are one to whoever reads.
 * @param {Difference[]} differences
 * @param {string} left
 * @param {string} right
 */
function joined(differences, left, right) {
  /** @type {Difference[]} */
  const told = [];
  for (const each of differences) {
    const last = told[told.length - 1];
    const between = last && left.slice(last.left.end, each.left.start);
    if (last && /^[^\S\n]*$/.test(between) && full(last, left, right) && full(each, left, right)) {
      last.left.end = each.left.end;
      last.right.end = each.right.end;
    } else told.push(each);
  }
  return told;
}

/** Whether both sides say something there. @param {Difference} difference @param {string} left @param {string} right */
function full(difference, left, right) {
  const says = (/** @type {string} */ text, /** @type {Stretch} */ { start, end }) => text.slice(start, end).trim() !== "";
  return says(left, difference.left) && says(right, difference.right);
}
