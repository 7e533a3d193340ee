// A protected document: asks for its password, and reads it again with that.
import { html } from "../parts/html.js";
import { t } from "../words/index.js";
import { desk } from "./desk.js";

/** @param {{reading: import("./reading.js").Reading}} props */
export function Password({ reading }) {
  const enter = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const password = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("password"));
    desk.again(reading, { ...reading.options, password });
  };
  return html`
    <form class="by-address" onSubmit=${enter}>
      <input class="input" name="password" type="password" required autofocus autocomplete="off" placeholder=${t("option.password")} aria-label=${t("option.password")} />
      <button class="button main">${t("password.open")}</button>
    </form>
  `;
}
