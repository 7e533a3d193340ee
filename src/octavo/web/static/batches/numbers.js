// Times and sizes in words.
import { language, t } from "../words/index.js";

/** @param {number} seconds */
export function span(seconds) {
  if (seconds < 90) return t("span.seconds", { count: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return t("span.minutes", { count: minutes });
  return t("span.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** @param {number} seconds since 1970 */
export function moment(seconds) {
  return new Date(seconds * 1000).toLocaleString(language.code, { dateStyle: "medium", timeStyle: "short" });
}

/** @param {number} bytes */
export function size(bytes) {
  const unit = bytes < 1e6 ? "kilobyte" : bytes < 1e9 ? "megabyte" : "gigabyte";
  const by = { kilobyte: 1e3, megabyte: 1e6, gigabyte: 1e9 }[unit];
  const number = bytes / by;
  return number.toLocaleString(language.code, { style: "unit", unit, maximumFractionDigits: number < 10 ? 1 : 0 });
}
