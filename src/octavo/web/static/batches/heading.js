// The heading of what is shown. Who came here by a link that is gone now goes on from here with keyboard or screen reader.
import { html, useEffect, useRef } from "../parts/html.js";

let shown = false;

/** @param {{children?: any}} props */
export function Heading({ children }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    // The first time the whole page is new, and begins at its top.
    if (shown && document.activeElement === document.body) place.current?.focus();
    shown = true;
  }, []);
  return html`<h1 ref=${place} tabindex="-1">${children}</h1>`;
}
