// Asking the worker that looks for differences.

/** @typedef {import("./difference.js").Found} Found */

const ADDRESS = new URL("./differ.js", import.meta.url).href;

/** Browsers that know trusted types want the script of a worker to be one: this script, and no other. */
const rules = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("differ", { createScriptURL: () => ADDRESS });

/** @type {Worker | null} */
let worker = null;
let count = 0;

/**
 * @param {string} left
 * @param {string} right
 * @param {(found: Found) => void} told
 * @returns {() => void} ends the search; `told` is not called any more
 */
export function askDiffer(left, right, told) {
  const number = ++count;
  const asked = (worker ??= new Worker(rules ? rules.createScriptURL("") : ADDRESS, { type: "module" }));
  const heard = (/** @type {MessageEvent} */ { data }) => {
    if (data.number !== number) return;
    asked.removeEventListener("message", heard);
    told(data.found);
  };
  asked.addEventListener("message", heard);
  asked.postMessage({ number, left, right });
  return () => asked.removeEventListener("message", heard);
}
