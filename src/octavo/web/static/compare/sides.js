// The two sides: the options of each, in a link and in a few words.
import { fromLink, toLink, USUAL } from "../read/options.js";
import { t } from "../words/index.js";

/** @typedef {import("../read/options.js").Options} Options */
/** @typedef {"left" | "right"} Side */
/** @typedef {Record<Side, Options>} Pair */

/** @type {Side[]} */
export const SIDES = ["left", "right"];

/** Options that are those of the document, or change nothing that is compared. @type {(keyof Options)[]} */
export const COMMON = ["pages", "password", "include_image_base64"];

/** The options of one side, without those that are common to both. @param {Options} options */
export function sideOf(options) {
  const common = Object.fromEntries(COMMON.map((name) => [name, USUAL[name]]));
  return /** @type {Options} */ ({ ...options, ...common });
}

/**
 * These options against what is most worth a look: the pixels where text of the PDF is used, else that text.
 * @param {Options} options
 * @returns {Pair}
 */
export function pairOf(options) {
  const left = sideOf(options);
  return { left, right: { ...left, text_layer: left.text_layer === "never" ? "" : "never" } };
}

/** What a PDF says against its pixels; where it says nothing both are pixels. @type {Pair} */
export const START = { left: { ...sideOf(USUAL), text_layer: "always" }, right: { ...sideOf(USUAL), text_layer: "never" } };

/** What a link to the comparison says. @param {{file: {id: string} | null, index: number, options: Pair}} shown */
export function queryOf({ file, index, options }) {
  const told = (/** @type {Options} */ side) => toLink(sideOf(side)) || "{}";
  return { file: file?.id ?? "", page: String(index + 1), left: told(options.left), right: told(options.right) };
}

/**
 * What a link asks for; a side that it does not name is as usual.
 * @param {URLSearchParams} query
 * @returns {{file: string, index: number, options: Pair} | null} null where it names no file
 */
export function fromQuery(query) {
  const file = query.get("file");
  if (!file) return null;
  const [left, right] = SIDES.map((side) => query.get(side));
  const index = Math.max(1, Math.trunc(Number(query.get("page")) || 1)) - 1;
  const options = left || right ? { left: sideOf(fromLink(left)), right: sideOf(fromLink(right)) } : START;
  return { file, index, options };
}

/**
 * What was chosen, in a few words each.
 * @param {Options} options
 * @param {boolean} models whether there are several to choose from
 */
export function summaryOf(options, models) {
  const told = [
    options.model || (models ? t("option.model.usual") : ""),
    t(`compare.text_layer.${options.text_layer || "usual"}`),
    options.languages.trim() && t("compare.languages", { codes: options.languages.trim() }),
    options.dpi && t("compare.dpi", { dpi: Number(options.dpi) }),
    options.table_format && t(`compare.table_format.${options.table_format}`),
    options.extract_header && t("compare.extract_header"),
    options.extract_footer && t("compare.extract_footer"),
    options.image_limit && t("compare.image_limit", { count: Number(options.image_limit) }),
    options.image_min_size && t("compare.image_min_size", { pixels: Number(options.image_min_size) }),
  ];
  return told.filter((each) => typeof each === "string" && each !== "");
}
