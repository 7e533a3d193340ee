// The frame: which view is shown, who is signed in, what is wrong with the connection.
import { html, useEffect, useState } from "../parts/html.js";
import { Problem } from "../parts/problem.js";
import { Toasts } from "../parts/toasts.js";
import { useWatched } from "../parts/watch.js";
import { Refusal } from "../wire/requests.js";
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

/** @param {{name: string}} props a view, whose script is loaded when it is wanted */
function View({ name }) {
  const [part, found] = useState(/** @type {{View: any} | null} */ (null));
  const [lost, lose] = useState(/** @type {Error | null} */ (null));
  const load = () => {
    lose(null);
    // An error of another kind is one within the script.
    VIEWS[name].load().then(found, (error) => (error instanceof TypeError ? lose(new Refusal(0, "")) : Promise.reject(error)));
  };
  useEffect(() => {
    document.title = `${t(`view.${name}`)} · Octavo`;
    load();
  }, [name]);
  if (lost) return html`<div class="empty"><${Problem} error=${lost} /><button class="button" onClick=${load}>${t("again")}</button></div>`;
  return part && html`<${part.View} />`;
}
