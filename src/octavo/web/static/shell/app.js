// The frame: which view is shown, who is signed in, what is wrong with the connection.
import { html, useEffect } from "../parts/html.js";
import { Later } from "../parts/later.js";
import { Toasts } from "../parts/toasts.js";
import { useWatched } from "../parts/watch.js";
import { language, t } from "../words/index.js";
import { Bar } from "./bar.js";
import { route } from "./route.js";
import { session } from "./session.js";
import { SignIn } from "./sign_in.js";
import { VIEWS } from "./views.js";

export function App() {
  useWatched(language);
  useWatched(route);
  useWatched(session);
  useEffect(() => void session.ask(), []);
  return html`
    <${Bar} />
    <main class="view" id="view" tabindex="-1">${session.known && html`<${Main} key=${language.code} />`}</main>
    ${session.offline && html`<p class="offline" role="alert">${t("offline")}</p>`}
    <${Toasts} />
  `;
}

function Main() {
  if (session.keysNeeded && !session.signedIn) return html`<${SignIn} />`;
  return html`<${View} key=${route.view} name=${route.view} />`;
}

/** @param {{name: string}} props */
function View({ name }) {
  useEffect(() => {
    document.title = `${t(`view.${name}`)} · Octavo`;
  }, [name]);
  return html`<${Later} load=${VIEWS[name].load} show=${(/** @type {{View: any}} */ part) => html`<${part.View} />`} />`;
}
