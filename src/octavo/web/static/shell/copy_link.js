// The link to what is shown, for somebody else.
import { copy } from "../parts/copy.js";
import { locale, t } from "../words/index.js";
import { route } from "./route.js";

/**
 * @param {Record<string, string>} query what the link names
 * @param {number | null | undefined} ends when it works no more, in Unix seconds
 */
export function copyLink(query, ends) {
  const time = ends && new Date(ends * 1000).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
  return copy(new URL(route.addressOf(query), location.href).href, time ? t("link.copied.until", { time }) : t("link.copied"));
}
