// Keys that do something wherever the page is looked at, unless somebody writes or chooses.

/** Which way each key scrolls: to the right, and down. @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], PageUp: [0, -1], PageDown: [0, 1] };
const OWN = "input, select, textarea, dialog, [role=tablist]";

/**
 * @param {Record<string, () => void>} keys by the names that browsers give them
 * @returns {() => void} ends it
 */
export function onKeys(keys) {
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest(OWN) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !Object.hasOwn(keys, event.key)) return;
    if (scrolls(target, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}

/** Whether the key still moves what is around `target`. @param {Element | null} target @param {string} key */
function scrolls(target, key) {
  const [x, y] = WAYS[key] ?? [0, 0];
  if (!x && !y) return false;
  for (let each = target; each && each !== document.body; each = each.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(each);
    const across = x && goesOn(overflowX, each.scrollLeft, each.scrollWidth - each.clientWidth, x);
    if (across || (y && goesOn(overflowY, each.scrollTop, each.scrollHeight - each.clientHeight, y))) return true;
  }
  return false;
}

/** @param {string} overflow @param {number} at @param {number} most @param {number} way */
function goesOn(overflow, at, most, way) {
  if (overflow !== "auto" && overflow !== "scroll") return false;
  return way < 0 ? at > 0 : Math.ceil(at) < most;
}
