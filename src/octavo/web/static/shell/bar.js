// The bar on top: the views, the language, light or dark, signing out.
import { html } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { wordsOf } from "../parts/problem.js";
import { toast } from "../parts/toasts.js";
import { language, t } from "../words/index.js";
import { go } from "./link.js";
import { route } from "./route.js";
import { session } from "./session.js";
import { nextTheme } from "./theme.js";
import { VIEWS } from "./views.js";

export function Bar() {
  return html`
    <header class="bar">
      <a class="brand" href="./" onClick=${go} aria-label="Octavo"><img src="static/icon.svg" alt="" /><span>Octavo</span></a>
      <nav aria-label=${t("bar.views")}>
        ${Object.entries(VIEWS).map(
          ([name, { address }]) => html`
            <a key=${name} href=${address} onClick=${go} aria-current=${route.view === name ? "page" : null}>${t(`view.${name}`)}</a>
          `,
        )}
      </nav>
      <div class="end">
        <select aria-label=${t("bar.language")} value=${language.code} onChange=${choose}>
          <option value="en">English</option>
          <option value="fr">Français</option>
        </select>
        <button class="button quiet" onClick=${nextTheme} title=${t("bar.theme")} aria-label=${t("bar.theme")}><${Icon} name="sun" /></button>
        ${session.keysNeeded && session.signedIn && html`<button class="button quiet" onClick=${leave}>${t("bar.signout")}</button>`}
      </div>
    </header>
  `;
}

/** The address names a document or a job of whoever leaves: it goes as well. */
function leave() {
  session.signOut().catch((error) => toast(wordsOf(error)));
  route.tell({});
}

/** @param {Event & {currentTarget: HTMLSelectElement}} event */
function choose(event) {
  language.set(event.currentTarget.value);
}
