// Numbers as people read them, in their language: bytes, durations, moments.
import { locale, t } from "../words/index.js";

const BYTES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
/** @type {[unit: string, seconds: number][]} */
const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** @param {number} count @param {number} [digits] most digits after the point */
export function plain(count, digits = 0) {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(count);
}

/** At an axis, where there is little room: thousands as K. @param {number} count */
export function brief(count) {
  return new Intl.NumberFormat(locale(), { notation: "compact", maximumFractionDigits: count < 1 ? 2 : 1 }).format(count);
}

/** A pace: the slower, the more digits. @param {number} perSecond */
export function pace(perSecond) {
  return plain(perSecond, perSecond >= 10 ? 0 : perSecond >= 1 ? 1 : 2);
}

/** In the units that `octavo doctor` counts in, of 1024. @param {number} count */
export function bytes(count) {
  let size = count;
  let power = 0;
  while (size >= 1024 && power < BYTES.length - 1) {
    size /= 1024;
    power += 1;
  }
  return t(`bytes.${BYTES[power]}`, { size: plain(size, size < 100 ? 1 : 0) });
}

/** In the two largest units that it has. @param {number} seconds @param {"long" | "short"} [style] */
export function duration(seconds, style = "long") {
  const parts = [];
  let rest = seconds < 10 ? seconds : Math.round(seconds);
  for (const [unit, length] of UNITS) {
    const count = length === 1 ? rest : Math.floor(rest / length);
    rest -= count * length;
    if (count > 0 || (length === 1 && !parts.length)) parts.push(inUnit(count, unit, style));
  }
  return new Intl.ListFormat(locale(), { type: "unit", style: style === "long" ? "long" : "narrow" }).format(parts.slice(0, 2));
}

/** One, two and three. @param {string[]} things */
export function listed(things) {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(things);
}

/** @param {number} count @param {string} unit @param {"long" | "short"} unitDisplay */
function inUnit(count, unit, unitDisplay) {
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 }).format(count);
}

/** Day and time. @param {number} at in Unix seconds */
export function moment(at) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "long", timeStyle: "short" }).format(at * 1000);
}

/** The time of day, with seconds. @param {number} at in ms */
export function timeOfDay(at) {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium" }).format(at);
}

/** So many minutes before now. @param {number} minutes */
export function minutesAgo(minutes) {
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "short" });
  return minutes ? format.format(-minutes, "minute") : format.format(0, "second");
}
