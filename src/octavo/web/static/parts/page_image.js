// Images of pages. A browser asks for them by itself, but where a password has to travel along.
import { ask, Refusal } from "../wire/requests.js";
import { t } from "../words/index.js";
import { html, useEffect, useState } from "./html.js";
import { wordsOf } from "./problem.js";

/** The document is on the server no more. */
const GONE = [404, 410];

/** The image of a page, or why there is none. @param {{address: string, index: number, password?: string}} props */
export function PageImage({ address, index, password }) {
  const [broken, fail] = useState(/** @type {{address: string, error: Refusal} | null} */ (null));
  if (broken?.address === address) return html`<${Missing} error=${broken.error} again=${() => fail(null)} />`;
  const name = t("page", { number: index + 1 });
  return html`<${Picture} address=${address} password=${password} alt=${name} broken=${async () => fail({ address, error: await whyBroken(address, password) })} />`;
}

/** What is gone stays so; all else may come when it is asked for again. @param {{error: Refusal, again: () => void}} props */
function Missing({ error, again }) {
  if (GONE.includes(error.status)) return html`<div class="missing"><p>${t("page.missing")}</p></div>`;
  return html`
    <div class="missing">
      <p>${t("page.unshown")} ${error.status !== 200 && wordsOf(error)}</p>
      <button class="button" onClick=${again}>${t("again")}</button>
    </div>
  `;
}

/** A browser that brings an image itself does not say why there is none. @param {string} address @param {string} [password] */
async function whyBroken(address, password) {
  try {
    const answer = await ask(address, { headers: headersWith(password) });
    answer.body?.cancel();
    return new Refusal(answer.status, "");
  } catch (error) {
    return error instanceof Refusal ? error : new Refusal(0, "");
  }
}

/** @param {string | undefined} password @returns {Record<string, string>} */
function headersWith(password) {
  return password ? { "X-Octavo-Options": JSON.stringify({ password }) } : {};
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
    const leaving = new AbortController();
    let local = "";
    ask(address, { headers: headersWith(password), signal: leaving.signal })
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
