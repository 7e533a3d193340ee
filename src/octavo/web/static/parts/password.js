// A protected document: asks for its password.
import { t } from "../words/index.js";
import { html } from "./html.js";

/** @param {{open: (password: string) => void}} props */
export function Password({ open }) {
  const enter = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    open(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("password")));
  };
  return html`
    <form class="by-address" onSubmit=${enter}>
      <input class="input" name="password" type="password" required autofocus autocomplete="off" placeholder=${t("option.password")} aria-label=${t("option.password")} />
      <button class="button main">${t("password.open")}</button>
    </form>
  `;
}
