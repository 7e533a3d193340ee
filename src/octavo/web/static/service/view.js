// The service: models, workers, queue, pages a second, what is kept, and whether all is in order.
import { html, useEffect, useState } from "../parts/html.js";
import { Problem } from "../parts/problem.js";
import { useWatched } from "../parts/watch.js";
import { learn, t } from "../words/index.js";
import { en } from "../words/service/en.js";
import { fr } from "../words/service/fr.js";
import { About } from "./about.js";
import { ChecksCard } from "./checks_card.js";
import { Head } from "./head.js";
import { LimitsCard, RetentionCard, StorageCard } from "./keeping_cards.js";
import { ModelsCard } from "./models_card.js";
import { PagesCard } from "./pages_card.js";
import { service } from "./service.js";
import { QueueCard, WorkersCard } from "./work_cards.js";

learn({ en, fr });

export function View() {
  const [styled, dress] = useState(false);
  const shown = () => dress(true);
  return html`
    <link rel="stylesheet" href="static/vendor/uplot.css" />
    <link rel="stylesheet" href="static/style/service.css" onLoad=${shown} onError=${shown} />
    ${styled && html`<${Shown} />`}
  `;
}

function Shown() {
  useWatched(service);
  useEffect(() => service.look(), []);
  const { status, error } = service;
  if (status) return html`<${Numbers} status=${status} />`;
  return html`
    <div class="service">
      <header class="head"><h1>${t("view.service")}</h1></header>
      ${error ? html`<${Problem} error=${error} title=${t("service.unknown")}><p>${t("service.asking")}</p><//>` : html`<${Loading} />`}
    </div>
  `;
}

function Loading() {
  return html`
    <p class="hidden-text" role="status">${t("service.loading")}</p>
    <div class="cards waits" aria-hidden="true">${["pages", "models", "workers", "queue"].map((name) => html`<div class=${`card ${name} skeleton`}><i></i><i></i><i></i><i></i></div>`)}</div>
  `;
}

/** @param {{status: import("../wire/types.js").Status}} props */
function Numbers({ status }) {
  const { descriptions, error, heardAt, samples } = service;
  return html`
    <div class=${error ? "service old" : "service"}>
      <${Head} status=${status} error=${error} heardAt=${heardAt} />
      <div class="cards">
        <${PagesCard} pages=${status.pages} />
        <${ModelsCard} models=${status.models} descriptions=${descriptions} />
        <${WorkersCard} workers=${status.workers} samples=${samples} now=${heardAt} />
        <${QueueCard} queue=${status.queue} samples=${samples} now=${heardAt} />
        <${ChecksCard} checks=${status.checks} />
        <${StorageCard} storage=${status.storage} />
        <${RetentionCard} retention=${status.retention} />
        <${LimitsCard} limits=${status.limits} />
      </div>
      <${About} version=${status.version} />
    </div>
  `;
}
