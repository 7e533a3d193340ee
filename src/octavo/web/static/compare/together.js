// Both texts scroll together: differences that belong together stay side by side, what lies between follows evenly.
import { useEffect } from "../parts/html.js";

/** Draw anew: the columns may be others. @param {unknown[]} inputs */
export function useTogether(inputs) {
  useEffect(() => {
    const panes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".compare .column .scroll")]);
    if (panes.length === 2) return together(panes[0], panes[1]);
  }, inputs);
}

/**
 * @param {HTMLElement} left
 * @param {HTMLElement} right
 * @returns {() => void} ends it
 */
function together(left, right) {
  const ended = new AbortController();
  /** @type {Map<HTMLElement, number>} where a pane was sent, so that its own event is no wish of anybody */
  const sent = new Map();
  const follow = (/** @type {HTMLElement} */ one, /** @type {HTMLElement} */ other) => () => {
    if (Math.abs((sent.get(one) ?? -9) - one.scrollTop) < 2) return void sent.delete(one);
    const top = between(pointsOf(one, other), at(one)) / shareOf(other);
    other.scrollTop = top;
    sent.set(other, other.scrollTop);
  };
  left.addEventListener("scroll", follow(left, right), { signal: ended.signal, passive: true });
  right.addEventListener("scroll", follow(right, left), { signal: ended.signal, passive: true });
  return () => ended.abort();
}

/** The line that is looked at wanders from the top of the pane to its foot, as the text does. @param {HTMLElement} pane */
function at(pane) {
  return pane.scrollTop * shareOf(pane);
}

/** @param {HTMLElement} pane */
function shareOf(pane) {
  return pane.scrollHeight / Math.max(1, pane.scrollHeight - pane.clientHeight);
}

/**
 * Heights that belong together, rising on both sides.
 * @param {HTMLElement} one
 * @param {HTMLElement} other
 */
function pointsOf(one, other) {
  const [own, opposite] = [heightsOf(one), heightsOf(other)];
  let last = [0, 0];
  const points = [last];
  for (const [number, height] of own) {
    const there = opposite.get(number);
    if (there === undefined || height <= last[0] || there <= last[1]) continue;
    points.push((last = [height, there]));
  }
  return [...points, [one.scrollHeight, other.scrollHeight]];
}

/** Of each difference the height where it begins. @param {HTMLElement} pane */
function heightsOf(pane) {
  const top = pane.getBoundingClientRect().top - pane.scrollTop;
  /** @type {Map<string, number>} */
  const heights = new Map();
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (pane.querySelectorAll("[data-differences]"))) {
    for (const number of (place.dataset.differences ?? "").split(" ")) {
      if (!heights.has(number)) heights.set(number, place.getBoundingClientRect().top - top);
    }
  }
  return heights;
}

/** @param {number[][]} points @param {number} height */
function between(points, height) {
  const next = Math.max(1, points.findIndex(([from]) => from >= height));
  const [[from, there], [to, end]] = [points[next - 1], points[next]];
  return to === from ? end : there + ((height - from) / (to - from)) * (end - there);
}
