// What the server says of itself that views need to know; asked once.
import { askJson } from "./requests.js";

/** @type {Promise<{retention: {results_linked: boolean}} | null> | null} */
let told = null;

/** Whether a link to a result is worth anything: where nothing is kept, or nobody says so, there are none. */
export async function keepsResults() {
  told ??= askJson("v1/status").catch(() => (told = null));
  return (await told)?.retention.results_linked ?? false;
}
