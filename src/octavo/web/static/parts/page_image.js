// Images of pages. A browser asks for them by itself, but where a password has to travel along.
import { ask } from "../wire/requests.js";
import { t } from "../words/index.js";
import { html, useEffect, useState } from "./html.js";

/** The image of a page, or why there is none. @param {{address: string, index: number, password?: string}} props */
export function PageImage({ address, index, password }) {
  const [broken, fail] = useState(false);
  useEffect(() => fail(false), [address]);
  if (broken) return html`<p class="missing">${t("page.missing")}</p>`;
  const name = t("page", { number: index + 1 });
  return html`<${Picture} address=${address} password=${password} alt=${name} broken=${() => fail(true)} />`;
}

/**
 * An image alone.
 * @param {{address: string, password?: string, alt: string, broken?: () => void}} props `broken` is told where there is
 *   no such image
 */
export function Picture({ address, password, alt, broken }) {
  const brought = useBrought(address, password, broken);
  const source = password ? brought : address;
  return source && html`<img src=${source} alt=${alt} decoding="async" onError=${broken} />`;
}

/**
 * Brings an image that only a password opens; its address in this page, empty until then.
 * @param {string} address
 * @param {string | undefined} password
 * @param {(() => void) | undefined} broken
 */
function useBrought(address, password, broken) {
  const [brought, bring] = useState("");
  useEffect(() => {
    if (!password) return;
    const headers = { "X-Octavo-Options": JSON.stringify({ password }) };
    const leaving = new AbortController();
    let local = "";
    ask(address, { headers, signal: leaving.signal })
      .then((response) => response.blob())
      .then((image) => bring((local = URL.createObjectURL(image))))
      .catch(() => leaving.signal.aborted || broken?.());
    return () => {
      leaving.abort();
      URL.revokeObjectURL(local);
    };
  }, [address, password]);
  return brought;
}
