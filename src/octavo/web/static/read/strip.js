// The strip of pages: only those in sight are in the page, however many there are.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../parts/html.js";
import { Picture } from "../parts/page_image.js";
import { t } from "../words/index.js";

/** Pixels that a page of the strip is high. */
const STEP = 132;
/** Pages before and after those in sight. */
const BEYOND = 1;
const THUMB = 160;

/** @param {{reading: import("./reading.js").Reading, at: number, go: (place: number) => void}} props */
export function Strip({ reading, at, go }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const [range, see] = useState([0, 8]);
  const look = () => {
    const { scrollTop, clientHeight } = /** @type {HTMLElement} */ (place.current);
    const first = Math.max(0, Math.floor(scrollTop / STEP) - BEYOND);
    see([first, Math.ceil((scrollTop + clientHeight) / STEP) + BEYOND]);
  };
  useLayoutEffect(look, []);
  useEffect(() => {
    addEventListener("resize", look);
    return () => removeEventListener("resize", look);
  }, []);
  useEffect(() => bringInto(place.current, at), [at]);
  const shown = reading.indices.slice(range[0], Math.min(range[1], range[0] + 14));
  return html`
    <nav class="strip" ref=${place} onScroll=${look} aria-label=${t("pages")}>
      <ol style=${{ height: `${reading.indices.length * STEP}px` }}>
        ${shown.map((index, step) => html`<${Thumb} key=${index} reading=${reading} index=${index} place=${range[0] + step} at=${at} go=${go} />`)}
      </ol>
    </nav>
  `;
}

/** @param {HTMLElement | null} strip @param {number} at */
function bringInto(strip, at) {
  if (!strip) return;
  const top = at * STEP;
  if (top < strip.scrollTop) strip.scrollTop = top;
  else if (top + STEP > strip.scrollTop + strip.clientHeight) strip.scrollTop = top + STEP - strip.clientHeight;
}

/** @param {{reading: import("./reading.js").Reading, index: number, place: number, at: number, go: (place: number) => void}} props */
function Thumb({ reading, index, place, at, go }) {
  const page = reading.pages.get(index);
  const state = !page ? "unread" : page.octavo.error_code ? "failed" : page.warnings.length ? "warned" : "read";
  const name = `${t("page", { number: index + 1 })}, ${t(`thumb.${state}`)}`;
  return html`
    <li style=${{ top: `${place * STEP}px` }}>
      <button class=${state} aria-current=${place === at ? "page" : null} aria-label=${name} onClick=${() => go(place)}>
        <span class="thumb"><${Picture} address=${reading.imageOf(index, THUMB)} password=${reading.options.password} alt="" /></span>
        <span>${index + 1}${state === "failed" || state === "warned" ? " !" : ""}</span>
      </button>
    </li>
  `;
}
