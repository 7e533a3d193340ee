// Curves and bars on a canvas, by uPlot, which is loaded when the first of them is drawn.

/**
 * @typedef {[places: number[], values: (number | null)[]]} Points places in seconds before now, negative
 * @typedef {Object} Shape
 * @property {"bars" | "steps"} kind
 * @property {number} span seconds from the left end to now
 * @property {(most: number) => number} top the upper end, for values of at most so much
 * @property {(value: number) => string} written a value at the axis
 */

const HEIGHT = { bars: 130, steps: 72 };
/** The width of the axis: words below the chart begin where it ends. */
const AXIS = 44;
const COLOURS = { line: "--accent", area: "--accent-soft", grid: "--line", words: "--ink-soft" };

/** @type {Promise<any> | null} */
let library = null;

function loaded() {
  library ??= import("../vendor/uplot.js").then((found) => found.default);
  return library;
}

/** One chart in one place of the page. It follows the width of that place, and light and dark. */
export class Plot {
  /**
   * @param {HTMLElement} place
   * @param {Shape} shape
   */
  constructor(place, shape) {
    this.place = place;
    this.shape = shape;
    /** @type {Points} */
    this.points = [[], []];
    /** @type {any} */
    this.chart = null;
    this.ended = false;
    this.resizes = new ResizeObserver(() => this.resize());
    this.themes = new MutationObserver(() => this.recolour());
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.recolour = this.recolour.bind(this);
    this.begin();
  }

  async begin() {
    const Chart = await loaded().catch(() => null);
    // Without the library there is the text beside the chart; the next visit tries again.
    if (!Chart) library = null;
    if (!Chart || this.ended) return;
    this.colours = coloursOf(this.place);
    this.chart = new Chart(this.options(Chart), this.points, this.place);
    this.resizes.observe(this.place);
    this.themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.dark.addEventListener("change", this.recolour);
  }

  /** @param {Points} points */
  show(points) {
    this.points = points;
    this.chart?.setData(points);
  }

  end() {
    this.ended = true;
    this.resizes.disconnect();
    this.themes.disconnect();
    this.dark.removeEventListener("change", this.recolour);
    this.chart?.destroy();
  }

  resize() {
    this.chart.setSize({ width: this.place.clientWidth, height: HEIGHT[this.shape.kind] });
  }

  recolour() {
    this.colours = coloursOf(this.place);
    this.chart.redraw();
  }

  /** @param {any} Chart */
  options(Chart) {
    const { kind, span, top, written } = this.shape;
    const words = getComputedStyle(this.place);
    const paths = kind === "bars" ? Chart.paths.bars({ size: [0.8, 24], align: 1 }) : Chart.paths.stepped({ align: 1 });
    const ends = (/** @type {any} */ chart) => [0, chart.scales.y.max / 2, chart.scales.y.max];
    return {
      width: this.place.clientWidth,
      height: HEIGHT[kind],
      padding: [9, 0, 6, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false, range: () => [-span, 0] }, y: { range: (/** @type {any} */ _, /** @type {any} */ __, /** @type {number | null} */ most) => [0, top(most ?? 0)] } },
      axes: [
        { show: false },
        {
          size: AXIS,
          gap: 8,
          font: `12px ${words.fontFamily}`,
          stroke: () => this.colours?.words,
          splits: ends,
          values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map((value, place) => (place === 1 ? "" : written(value))),
          grid: { stroke: () => this.colours?.grid, width: 1 },
          ticks: { show: false },
        },
      ],
      series: [{}, { stroke: () => this.colours?.line, fill: () => this.colours?.[kind === "bars" ? "line" : "area"], width: kind === "bars" ? 0 : 1.5, paths, points: { show: false } }],
    };
  }
}

/** What the tokens of the style sheet are now: a canvas does not know them. @param {HTMLElement} place */
function coloursOf(place) {
  const probe = document.createElement("i");
  place.append(probe);
  const found = Object.entries(COLOURS).map(([name, token]) => {
    probe.style.color = `var(${token})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(found);
}

/** The next number that is 1, 2 or 5 with noughts behind or before it. @param {number} most */
export function roundAbove(most) {
  const unit = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * unit).find((step) => step >= most * 0.9999) ?? most;
}
