// What a page says on each side, and what differs, for views.
import { useEffect, useMemo, useState } from "../parts/html.js";
import { askDiffer } from "./ask_differ.js";
import { toldBy } from "./texts.js";

/** @typedef {import("./difference.js").Found} Found */
/** @typedef {import("../wire/types.js").Page} Page */

/** @param {Page | undefined} page */
export function useTold(page) {
  return useMemo(() => (page ? toldBy(page) : null), [page]);
}

/** @type {Found} */
const SAME = { by: "words", alike: 1, differences: [] };

/**
 * @param {string | undefined} left
 * @param {string | undefined} right
 * @returns {Found | null} null until both are there and were looked at
 */
export function useDifferences(left, right) {
  const [kept, keep] = useState(/** @type {{left: string, right: string, found: Found} | null} */ (null));
  useEffect(() => {
    if (left === undefined || right === undefined || left === right) return;
    return askDiffer(left, right, (found) => keep({ left, right, found }));
  }, [left, right]);
  if (left === undefined || right === undefined) return null;
  if (left === right) return SAME;
  return kept?.left === left && kept.right === right ? kept.found : null;
}
