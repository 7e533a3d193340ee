// From one difference to the next, on both sides at once.
import { useEffect, useLayoutEffect, useMemo, useState } from "../parts/html.js";

/** @typedef {{at: number, count: number, step: (by: number) => void}} Walk `at`: which is looked at; -1 before the first */

/** Of the height of a column: how far from the top the difference stands that is looked at. */
const UNDER_TOP = 1 / 3;

/**
 * @param {import("./difference.js").Found | null} found
 * @param {string} form in which the texts are shown
 * @returns {Walk}
 */
export function useWalk(found, form) {
  const [at, go] = useState(-1);
  const count = found?.differences.length ?? 0;
  useEffect(() => go(-1), [found]);
  useLayoutEffect(() => mark(at));
  useEffect(() => bringIntoSight(at), [at, form]);
  return useMemo(() => {
    const step = (/** @type {number} */ by) => {
      if (count) go((now) => (now < 0 && by < 0 ? count - 1 : (now + by + count) % count));
    };
    return { at, count, step };
  }, [at, count]);
}

/** Texts are drawn aside from the views, so are the marks of what is looked at. @param {number} at */
function mark(at) {
  for (const place of document.querySelectorAll(".compare [data-now]")) place.removeAttribute("data-now");
  for (const place of placesOf(document, at)) place.setAttribute("data-now", "");
}

/** @param {number} at */
function bringIntoSight(at) {
  for (const pane of document.querySelectorAll(".compare .column .scroll")) {
    const place = placesOf(pane, at)[0];
    if (!place?.getClientRects().length) continue;
    const top = place.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += top - pane.clientHeight * UNDER_TOP;
  }
}

/** @param {ParentNode} within @param {number} at */
function placesOf(within, at) {
  return at < 0 ? [] : [...within.querySelectorAll(`[data-differences~="${at}"]`)];
}
