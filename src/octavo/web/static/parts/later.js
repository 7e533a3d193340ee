// Parts of the page whose scripts are loaded when they are wanted; where they do not come, one can try again.
import { Refusal } from "../wire/requests.js";
import { t } from "../words/index.js";
import { html, useEffect, useState } from "./html.js";
import { Problem } from "./problem.js";

/**
 * @param {{load: () => Promise<any>, show: (part: any) => any}} props what loads the script, and what is drawn of it
 */
export function Later({ load, show }) {
  const [part, found] = useState(/** @type {any} */ (null));
  const [lost, lose] = useState(/** @type {Error | null} */ (null));
  const get = () => {
    lose(null);
    // An error of another kind is one within the script.
    load().then((come) => found(() => come), (error) => (error instanceof TypeError ? lose(new Refusal(0, "")) : Promise.reject(error)));
  };
  useEffect(get, []);
  if (lost) return html`<div class="empty"><${Problem} error=${lost} /><button class="button" onClick=${get}>${t("again")}</button></div>`;
  return part && show(part);
}
