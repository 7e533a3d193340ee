// A dialog over the page: the browser's own, which keeps the keyboard inside and closes with Escape.
import { t } from "../words/index.js";
import { html, useEffect, useRef } from "./html.js";
import { Icon } from "./icons.js";

/** @param {{title: string, close: () => void, children?: any}} props */
export function Dialog({ title, close, children }) {
  const place = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const before = document.activeElement;
    place.current?.showModal();
    // The keyboard goes back to where it was.
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  const beside = (/** @type {MouseEvent} */ event) => event.target === place.current && close();
  return html`
    <dialog ref=${place} onClose=${close} onClick=${beside} aria-label=${title}>
      <header>
        <h2>${title}</h2>
        <button class="button quiet" onClick=${close} aria-label=${t("close")}><${Icon} name="close" /></button>
      </header>
      <div class="body">${children}</div>
    </dialog>
  `;
}
