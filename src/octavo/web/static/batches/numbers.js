// Times and sizes in words.
import { locale, t } from "../words/index.js";

/** @param {number} seconds */
export function span(seconds) {
  if (seconds < 90) return t("span.seconds", { count: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return t("span.minutes", { count: minutes });
  return t("span.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** @param {number} seconds since 1970 */
export function moment(seconds) {
  return new Date(seconds * 1000).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
}

/** A number of pages a minute: digits that jump tell nothing. @param {number} speed */
export function rate(speed) {
  return speed < 10 ? Math.round(speed * 10) / 10 : Math.round(speed);
}

/** @param {number} bytes */
export function size(bytes) {
  const step = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const unit = ["byte", "kilobyte", "megabyte", "gigabyte"][step];
  const number = bytes / 1000 ** step;
  return number.toLocaleString(locale(), { style: "unit", unit, unitDisplay: step ? "short" : "long", maximumFractionDigits: number < 10 ? 1 : 0 });
}
