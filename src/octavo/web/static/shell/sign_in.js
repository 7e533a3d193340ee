// Signing in is pasting a key.
import { html, useState } from "../parts/html.js";
import { Problem } from "../parts/problem.js";
import { t } from "../words/index.js";
import { session } from "./session.js";

export function SignIn() {
  const [error, failed] = useState(/** @type {Error | null} */ (null));
  const enter = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    failed(null);
    await session.signIn(String(new FormData(form).get("key")).trim()).catch(failed);
  };
  return html`
    <div class="signin">
      <form onSubmit=${enter}>
        <h1>${t("signin.title")}</h1>
        <p>${t("signin.lead")}</p>
        <label class="field">
          <span>${t("signin.key")}</span>
          <input name="key" type="password" autocomplete="current-password" required autofocus spellcheck=${false} />
        </label>
        ${error && html`<${Problem} error=${refused(error)} />`}
        <button class="button main">${t("signin.enter")}</button>
      </form>
    </div>
  `;
}

/** The server says to programs that a key is none; a person is told what to do. @param {Error & {status?: number}} error */
function refused(error) {
  return error.status === 401 ? new Error(t("signin.refused")) : error;
}
