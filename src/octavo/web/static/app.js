// The workbench starts here.
import { html, render } from "./parts/html.js";
import { App } from "./shell/app.js";

const place = /** @type {HTMLElement} */ (document.getElementById("app"));
place.replaceChildren();
render(html`<${App} />`, place);
