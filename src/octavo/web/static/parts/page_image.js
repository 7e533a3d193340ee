// The image of a page, or words where it cannot be shown.
import { t } from "../words/index.js";
import { html, useEffect, useState } from "./html.js";

/** @param {{address: string, index: number}} props */
export function PageImage({ address, index }) {
  const [broken, fail] = useState(false);
  useEffect(() => fail(false), [address]);
  if (broken) return html`<p class="missing">${t("page.missing")}</p>`;
  return html`<img src=${address} alt=${t("page", { number: index + 1 })} decoding="async" onError=${() => fail(true)} />`;
}
