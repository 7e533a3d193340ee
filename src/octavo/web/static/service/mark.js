// A state by its shape, its colour and, for whoever sees neither, a word.
import { html } from "../parts/html.js";

/** @typedef {"ok" | "starting" | "warning" | "error"} State */

/** Drawings of 24 x 24: a disc with a tick, a clock, a triangle, an octagon with a cross. */
const PATHS = {
  ok: "M12 3a9 9 0 110 18 9 9 0 010-18zM8 12.3l2.8 2.8L16 9.5",
  starting: "M12 3a9 9 0 110 18 9 9 0 010-18zM12 7.5V12l3 2",
  warning: "M12 3.5l9.3 16.3H2.7zM12 10v4.5M12 17v.4",
  error: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 9l6 6M15 9l-6 6",
};

/** @param {{state: State, word?: string}} props without a word, it stands beside text that says the same */
export function Mark({ state, word }) {
  return html`
    <span class=${`mark ${state}`}><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[state]} /></svg>${word && html`<span>${word}</span>`}</span>
  `;
}
