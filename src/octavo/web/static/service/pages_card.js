// Pages: how fast they are read now, and were in the last ten minutes.
import { html } from "../parts/html.js";
import { t } from "../words/index.js";
import { Card, Facts } from "./card.js";
import { Chart } from "./chart.js";
import { brief, minutesAgo, pace, plain } from "./numbers.js";
import { roundAbove } from "./plot.js";

/** @typedef {import("../wire/types.js").Status["pages"]} Pages */

/** The least that the axis goes to, in pages a second: one page in one step. */
const LEAST = 0.2;

/** @type {import("./plot.js").Shape} */
const SHAPE = { kind: "bars", span: 600, top: (most) => roundAbove(Math.max(most, LEAST)), written: brief };

/** @param {{pages: Pages}} props */
export function PagesCard({ pages }) {
  const { read, step_seconds: step } = pages.history;
  /** @type {import("./plot.js").Points} */
  const points = [read.map((_, place) => (place - read.length) * step), read.map((count) => count / step)];
  return html`
    <${Card} name="pages" title=${t("service.pages")}>
      <div class="paces">
        <p class="now"><strong>${pace(pages.per_second)}</strong> <span>${t("service.pages.now")}</span></p>
        <${Facts}
          rows=${[
            [t("service.pages.read"), plain(pages.read)],
            [t("service.pages.kept"), plain(pages.kept)],
            [t("service.pages.failed"), plain(pages.failed)],
          ]}
        />
      </div>
      <${Chart} name=${t("service.pages.chart")} told=${told(pages)} shape=${SHAPE} points=${points}>
        <${Minutes} read=${read} step=${step} />
      <//>
    <//>
  `;
}

/** The chart in a sentence. @param {Pages} pages */
function told({ history, per_second: now }) {
  const count = sum(history.read);
  // What is measured over ten seconds may be more than any of the steps, which begin when they begin.
  const most = Math.max(...history.read.map((each) => each / history.step_seconds), now);
  return count ? t("service.pages.told", { count, most: pace(most) }) : t("service.pages.none");
}

/** The chart as a table, by the minute. @param {{read: number[], step: number}} props */
function Minutes({ read, step }) {
  const steps = 60 / step;
  const minutes = Array.from({ length: read.length / steps }, (_, place) => sum(read.slice(place * steps, (place + 1) * steps)));
  return html`
    <details class="minutes">
      <summary>${t("service.pages.table")}</summary>
      <table>
        <thead><tr><th scope="col">${t("service.pages.minute")}</th><th scope="col">${t("service.pages.read.then")}</th></tr></thead>
        <tbody>
          ${minutes.map((count, place) => html`<tr key=${place}><th scope="row">${minutesAgo(minutes.length - place)}</th><td>${plain(count)}</td></tr>`)}
        </tbody>
      </table>
    </details>
  `;
}

/** @param {number[]} counts */
function sum(counts) {
  return counts.reduce((all, count) => all + count, 0);
}
