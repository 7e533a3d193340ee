// The way from a document that is read to its comparison.
import { pairOf, queryOf } from "./sides.js";

/**
 * The address of the comparison of a page, relative to the workbench.
 * @param {import("../read/reading.js").Reading} reading
 * @param {number} index of the page
 */
export function toComparison({ file, options }, index) {
  return `compare?${new URLSearchParams(queryOf({ file, index, options: pairOf(options) }))}`;
}
