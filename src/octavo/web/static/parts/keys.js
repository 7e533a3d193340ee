// Keys that do something wherever the page is looked at, unless somebody writes or chooses.

const OWN = "input, select, textarea, dialog, [role=tablist]";

/**
 * @param {Record<string, () => void>} keys by the names that browsers give them
 * @returns {() => void} ends it
 */
export function onKeys(keys) {
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest(OWN) || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}
