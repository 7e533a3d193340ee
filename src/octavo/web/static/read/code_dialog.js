// "As code": the request that was made, for programs.
import { copy } from "../parts/copy.js";
import { Dialog } from "../parts/dialog.js";
import { html, useState } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { Tabs } from "../parts/tabs.js";
import { t } from "../words/index.js";
import { samplesOf } from "./samples.js";

/** @param {{reading: import("./reading.js").Reading, close: () => void}} props */
export function CodeDialog({ reading, close }) {
  const [chosen, choose] = useState("mistralai");
  const samples = samplesOf(reading, new URL(".", document.baseURI).href.replace(/\/$/, ""));
  const code = samples.find(([name]) => name === chosen)?.[2] ?? "";
  return html`
    <${Dialog} title=${t("code.title")} close=${close}>
      <p>${t("code.lead")}</p>
      <${Tabs} label=${t("code")} names=${samples.map(([name, title]) => [name, title])} chosen=${chosen} choose=${choose} />
      <pre class="code-block" tabindex="0" role="region" aria-label=${t("code")}>${code}</pre>
      <div><button class="button main" onClick=${() => copy(code)}><${Icon} name="copy" />${t("copy")}</button></div>
    <//>
  `;
}
