// What can be asked of a reading, as the API names it.
import { t } from "../words/index.js";

/**
 * @typedef {Object} Options
 * @property {string} pages as people count: "1-3, 7"; empty is all
 * @property {string} table_format "", "markdown" or "html"
 * @property {boolean} extract_header
 * @property {boolean} extract_footer
 * @property {boolean} include_image_base64
 * @property {string} image_limit empty is none
 * @property {string} image_min_size empty is none
 * @property {string} text_layer "", "auto", "always" or "never"
 * @property {string} languages BCP 47 codes with blanks or commas between; empty is the server's choice
 * @property {string} dpi empty is the server's choice
 * @property {string} model empty is the server's choice
 * @property {string} password never part of a link
 */

/** @type {Options} */
export const USUAL = {
  pages: "",
  table_format: "",
  extract_header: false,
  extract_footer: false,
  include_image_base64: true,
  image_limit: "",
  image_min_size: "",
  text_layer: "",
  languages: "",
  dpi: "",
  model: "",
  password: "",
};

/**
 * The body of `POST /v1/ocr` for an uploaded file, but for the document itself.
 * @param {Options} options
 * @returns {Record<string, any>}
 */
export function bodyOf(options) {
  const own = {
    ...(options.text_layer && { text_layer: options.text_layer }),
    ...(options.languages.trim() && { languages: options.languages.split(/[\s,;]+/).filter(Boolean) }),
    ...(options.dpi && { dpi: numberOf(options.dpi) }),
    ...(options.password && { password: options.password }),
  };
  return {
    ...(options.model && { model: options.model }),
    ...(options.pages.trim() && { pages: fromZero(options.pages) }),
    ...(options.include_image_base64 && { include_image_base64: true }),
    ...(options.table_format && { table_format: options.table_format }),
    ...(options.extract_header && { extract_header: true }),
    ...(options.extract_footer && { extract_footer: true }),
    ...(options.image_limit && { image_limit: numberOf(options.image_limit) }),
    ...(options.image_min_size && { image_min_size: numberOf(options.image_min_size) }),
    ...(Object.keys(own).length && { octavo: own }),
  };
}

/**
 * The same with what the workbench needs to mark words in doubt.
 * @param {Options} options
 * @returns {Record<string, any>}
 */
export function markedBodyOf(options) {
  const body = bodyOf(options);
  return { ...body, confidence_scores_granularity: "word", octavo: { ...body.octavo, word_boxes: true } };
}

/** What is no number stays as it is, for the server to complain. @param {string} text */
function numberOf(text) {
  return /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text;
}

/**
 * Pages as people count them, from 1, as the API does, from 0. What are no such pages stays as it is.
 * @param {string} pages
 */
export function fromZero(pages) {
  const listed = rangesOf(pages);
  if (!listed.every(isRange)) return pages;
  return listed.join(",").replace(/\d+/g, (number) => String(Number(number) - 1));
}

/**
 * @param {string} pages as people count them
 * @throws {Error} that says which of them are none
 */
export function checkPages(pages) {
  const wrong = rangesOf(pages).find((range) => !isRange(range));
  if (wrong) throw new Error(t("option.pages.wrong", { pages: wrong }));
}

/** @param {string} pages */
function rangesOf(pages) {
  return pages.replace(/\s*-\s*/g, "-").split(/[\s,;]+/).filter(Boolean);
}

/** One page, or from one to another. @param {string} range */
function isRange(range) {
  const [, first, last] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range) ?? [];
  return Number(first) >= 1 && (last === undefined || Number(last) >= Number(first));
}

/**
 * What differs from the usual, for a link; never a password.
 * @param {Options} options
 */
export function toLink(options) {
  const usual = /** @type {Record<string, unknown>} */ (USUAL);
  const told = Object.entries(options).filter(([name, value]) => name !== "password" && value !== usual[name]);
  return told.length ? JSON.stringify(Object.fromEntries(told)) : "";
}

/** What a link to a result names. @param {{file: {id: string} | null, options: Options}} reading */
export function queryOf({ file, options }) {
  return { file: file?.id ?? "", options: toLink(options) };
}

/**
 * @param {string | null} link
 * @returns {Options}
 */
export function fromLink(link) {
  try {
    const told = Object.entries(JSON.parse(link || "{}"));
    const known = told.filter(([name, value]) => name in USUAL && name !== "password" && typeof value === typeof USUAL[/** @type {keyof Options} */ (name)]);
    return { ...USUAL, ...Object.fromEntries(known) };
  } catch {
    return { ...USUAL };
  }
}
