// Under a side: how much it found, how sure it is, how long it took.
import { html, useMemo } from "../parts/html.js";
import { locale, t } from "../words/index.js";
import { tokensOf } from "./difference.js";

/** @param {Omit<import("./comparison.js").SideNow, "page"> & {page: import("../wire/types.js").Page | undefined}} props */
export function Numbers({ reading, page, told }) {
  const words = useMemo(() => (told ? tokensOf(told.text).filter((token) => /[\p{L}\p{N}]/u.test(token)).length : null), [told]);
  const sure = page?.confidence_scores?.average_page_confidence_score;
  const seconds = reading && !reading.running && reading.ended ? (reading.ended - reading.began) / 1000 : null;
  /** @type {[string, string][]} */
  const numbers = [
    ["words", words === null ? "–" : words.toLocaleString(locale())],
    ["blocks", told ? String(page?.blocks?.length ?? 0) : "–"],
    ["sure", sure === undefined || !told ? "–" : `${(Math.round(sure * 1000) / 10).toLocaleString(locale())} %`],
    ["seconds", seconds === null ? "–" : `${(Math.round(seconds * 10) / 10).toLocaleString(locale())} s`],
    ["warnings", page ? String(page.warnings.length) : "–"],
  ];
  return html`
    <dl class="numbers">
      ${numbers.map(([name, value]) => html`<div key=${name} class=${name === "warnings" && page?.warnings.length ? "warned" : ""}><dt>${t(`compare.${name}`)}</dt><dd>${value}</dd></div>`)}
      ${told && page && html`<div><dt>${t("compare.source")}</dt><dd>${t(`source.${page.octavo.text_source}`)}</dd></div>`}
    </dl>
  `;
}
