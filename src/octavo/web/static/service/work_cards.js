// The workers and the queue before them, now and in the last two minutes.
import { html, useMemo } from "../parts/html.js";
import { t } from "../words/index.js";
import { Card, Facts } from "./card.js";
import { Chart } from "./chart.js";
import { brief, plain } from "./numbers.js";
import { roundAbove } from "./plot.js";
import { LOOKED_BACK } from "./service.js";

/** @typedef {import("../wire/types.js").Status} Status */
/** @typedef {import("./service.js").Sample} Sample */
/** @typedef {import("./plot.js").Shape} Shape */

const SPAN = LOOKED_BACK / 1000;
/** More are told as a number alone. */
const MOST_SEATS = 48;
/** The least that the axis of the queue goes to. */
const LEAST = 5;

/** @type {Shape} */
const WAITING = { kind: "steps", span: SPAN, top: (most) => roundAbove(Math.max(most, LEAST)), written: brief };

/** @param {{workers: Status["workers"], samples: Sample[], now: number}} props */
export function WorkersCard({ workers, samples, now }) {
  const { capacity, busy } = workers;
  const shape = useMemo(() => /** @type {Shape} */ ({ kind: "steps", span: SPAN, top: (most) => Math.max(most, capacity, 1), written: brief }), [capacity]);
  return html`
    <${Card} name="workers" title=${t("service.workers")}>
      <p class="seats"><${Seats} workers=${workers} /><span>${t("service.workers.busy", { busy, count: capacity })}</span></p>
      <${Facts}
        rows=${[
          [t("service.workers.warm"), plain(workers.warm), t("service.workers.warm.help", { spare: workers.spare })],
          [t("service.workers.waiting"), plain(workers.waiting)],
          [t("service.workers.restarts"), plain(workers.restarts), t("service.workers.restarts.help")],
          [t("service.workers.recycled"), plain(workers.recycled), t("service.workers.recycled.help")],
        ]}
      />
      <${Chart} name=${t("service.workers.chart")} told=${told(samples, "busy")} shape=${shape} points=${pointsOf(samples, "busy", now)} />
    <//>
  `;
}

/** A square for each page that can be read at a time; the sentence beside it says the same. @param {{workers: Status["workers"]}} props */
function Seats({ workers: { capacity, busy, warm } }) {
  if (capacity > MOST_SEATS) return null;
  const state = (/** @type {number} */ place) => (place < busy ? "busy" : place < warm ? "warm" : "cold");
  return html`<span class="squares" aria-hidden="true">${Array.from({ length: capacity }, (_, place) => html`<i key=${place} class=${state(place)}></i>`)}</span>`;
}

/** @param {{queue: Status["queue"], samples: Sample[], now: number}} props */
export function QueueCard({ queue, samples, now }) {
  const waiting = queue.waiting_requests + queue.waiting_batch;
  return html`
    <${Card} name="queue" title=${t("service.queue")}>
      <p class="seats"><span>${waiting ? t("service.queue.waiting", { count: waiting }) : t("service.queue.none")}</span></p>
      <${Facts}
        rows=${[
          [t("service.queue.running"), plain(queue.running)],
          [t("service.queue.requests"), plain(queue.waiting_requests), t("service.queue.requests.help")],
          [t("service.queue.batch"), plain(queue.waiting_batch), t("service.queue.batch.help")],
          [t("service.queue.inside"), t("service.of", { count: queue.inside, most: queue.most_inside }), t("service.queue.inside.help")],
        ]}
      />
      <${Chart} name=${t("service.queue.chart")} told=${told(samples, "waiting")} shape=${WAITING} points=${pointsOf(samples, "waiting", now)} />
    <//>
  `;
}

/**
 * @param {Sample[]} samples
 * @param {"busy" | "waiting"} what
 * @param {number} now in ms
 * @returns {import("./plot.js").Points}
 */
function pointsOf(samples, what, now) {
  return [samples.map((sample) => (sample.at - now) / 1000), samples.map((sample) => sample[what])];
}

/** @param {Sample[]} samples @param {"busy" | "waiting"} what */
function told(samples, what) {
  const values = samples.map((sample) => sample[what]).filter((value) => value !== null);
  return t("service.told", { now: values.at(-1) ?? 0, most: Math.max(0, ...values) });
}
