// Comparing: the start, a document on its way, or the two readings of a page.
import { takeDrops } from "../parts/drops.js";
import { html, useEffect } from "../parts/html.js";
import { loadStyle } from "../parts/load_style.js";
import { Problem } from "../parts/problem.js";
import { toast } from "../parts/toasts.js";
import { useWatched } from "../parts/watch.js";
import { route } from "../shell/route.js";
import { en } from "../words/compare/en.js";
import { fr } from "../words/compare/fr.js";
import { learn, t } from "../words/index.js";
import { bench } from "./bench.js";
import { Comparison } from "./comparison.js";
import { fromQuery, queryOf } from "./sides.js";
import { Start } from "./start.js";

learn({ en, fr });
await loadStyle("static/style/compare.css");

export function View() {
  useWatched(bench);
  useEffect(() => void bench.learnModels(), []);
  useEffect(openLink, []);
  useEffect(() => takeDrops((files) => openFirst(files.map((file) => ({ file })))), []);
  if (bench.file) return html`<${Comparison} key=${bench.file.id} />`;
  if (bench.error) return html`<${Failed} error=${bench.error} />`;
  return bench.opening ? html`<${Sending} />` : html`<${Start} take=${openFirst} />`;
}

/** A link names a file that was uploaded, the page, and the options of both sides. */
function openLink() {
  const asked = fromQuery(route.query);
  if (!asked) return;
  const wanted = queryOf({ ...asked, file: { id: asked.file } });
  if (bench.file && JSON.stringify(queryOf(bench)) === JSON.stringify(wanted)) return;
  const password = bench.file?.id === asked.file ? bench.password : "";
  bench.open({ id: asked.file }, { ...asked, password });
}

/** @param {import("../wire/store.js").Source[]} sources */
function openFirst(sources) {
  if (sources.length > 1) toast(t("compare.first"));
  if (sources.length) bench.open(sources[0]);
}

function Sending() {
  const share = Math.round(bench.sent * 100);
  return html`
    <div class="start compare-sending">
      <p role="status">${share < 100 ? t("state.sending", { share }) : t("state.waiting")}</p>
      <span class=${share ? "progress" : "progress unknown"} role="progressbar" aria-label=${t("progress")} aria-valuenow=${share}><i style=${share ? { width: `${share}%` } : {}}></i></span>
      <div class="actions"><button class="button" onClick=${leave}>${t("stop")}</button></div>
    </div>
  `;
}

/** @param {{error: Error}} props */
function Failed({ error }) {
  return html`
    <div class="start">
      <h1>${t("compare.failed")}</h1>
      <${Problem} error=${error} />
      <div class="actions"><button class="button main" onClick=${leave}>${t("another")}</button></div>
    </div>
  `;
}

function leave() {
  route.tell({});
  bench.close();
}
