// One of several, chosen by buttons in a row; arrow keys go from one to the next.
import { html } from "./html.js";

/**
 * @param {{label: string, names: [string, string][], chosen: string, choose: (name: string) => void}} props names and
 *   what they are called
 */
export function Tabs({ label, names, chosen, choose }) {
  const step = (/** @type {KeyboardEvent & {currentTarget: HTMLElement}} */ event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.stopPropagation();
    const at = names.findIndex(([name]) => name === chosen);
    const next = (at + by + names.length) % names.length;
    choose(names[next][0]);
    /** @type {HTMLElement} */ (event.currentTarget.children[next]).focus();
  };
  return html`
    <div class="tabs" role="tablist" aria-label=${label} onKeyDown=${step}>
      ${names.map(
        ([name, text]) => html`
          <button key=${name} role="tab" aria-selected=${String(name === chosen)} tabindex=${name === chosen ? 0 : -1} onClick=${() => choose(name)}>${text}</button>
        `,
      )}
    </div>
  `;
}
