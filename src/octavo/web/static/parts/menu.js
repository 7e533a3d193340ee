// A button with a list of things to do.
import { html, useEffect, useRef, useState } from "./html.js";
import { tellLost } from "./problem.js";

/**
 * @param {{label: any, title: string, items: {label: string, run: () => unknown}[], disabled?: boolean}} props
 */
export function Menu({ label, title, items, disabled }) {
  const [open, show] = useState(false);
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  /** The keyboard goes back to the button. */
  const back = () => /** @type {HTMLElement | null | undefined} */ (place.current?.querySelector("button"))?.focus();
  useEffect(() => {
    if (!open) return;
    const leave = (/** @type {Event} */ event) => {
      const away = event instanceof KeyboardEvent ? event.key === "Escape" : !place.current?.contains(/** @type {Node} */ (event.target));
      if (away) show(false);
      if (away && event instanceof KeyboardEvent) back();
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("keydown", leave);
    /** @type {HTMLElement | null | undefined} */ (place.current?.querySelector(".items button"))?.focus();
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("keydown", leave);
    };
  }, [open]);
  const run = (/** @type {() => unknown} */ work) => () => {
    show(false);
    back();
    Promise.resolve(work()).catch(tellLost);
  };
  return html`
    <span class="menu" ref=${place}>
      <button class="button quiet" aria-expanded=${String(open)} title=${title} disabled=${disabled} onClick=${() => show(!open)}>${label}</button>
      ${open && html`<div class="items">${items.map((item) => html`<button key=${item.label} onClick=${run(item.run)}>${item.label}</button>`)}</div>`}
    </span>
  `;
}
