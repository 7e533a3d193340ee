// What the workbench says, in the language of whoever looks at it.
import { Watched } from "../parts/watch.js";
import { en } from "./en.js";
import { fr } from "./fr.js";

/** @type {Record<string, Record<string, string>>} */
const LANGUAGES = { en, fr };
const KEPT = "octavo-language";

class Language extends Watched {
  constructor() {
    super();
    this.code = chosen();
  }

  /** @param {string} code */
  set(code) {
    this.code = code;
    document.documentElement.lang = code;
    keep(code);
    this.changed();
  }
}

/** What is chosen now. */
export const language = new Language();
document.documentElement.lang = language.code;

/** @returns {string} */
function chosen() {
  const kept = read();
  const wanted = [kept, ...navigator.languages.map((each) => each.slice(0, 2))];
  return wanted.find((each) => each && each in LANGUAGES) ?? "en";
}

function read() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** @param {string} code */
function keep(code) {
  try {
    localStorage.setItem(KEPT, code);
  } catch {
    // Where nothing may be kept, the choice holds until the page is left.
  }
}

/**
 * Add what only one view says, when that view is loaded.
 * @param {Record<string, Record<string, string>>} words by language
 */
export function learn(words) {
  for (const [code, told] of Object.entries(words)) Object.assign(LANGUAGES[code], told);
}

/**
 * A sentence, with `{name}`s filled in. One with a `count` may have a form of its own for one thing: `key.one`.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const words = LANGUAGES[language.code];
  const form = values.count !== undefined && new Intl.PluralRules(language.code).select(Number(values.count)) === "one" ? `${key}.one` : key;
  const text = words[form] ?? words[key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => said(values[name]));
}

/** @param {string | number | undefined} value */
function said(value) {
  return typeof value === "number" ? value.toLocaleString(language.code) : String(value ?? "");
}

/** The language with its country, where the browser names one: dates are written otherwise in other countries. */
export function locale() {
  return navigator.languages.find((each) => each.slice(0, 2) === language.code) ?? language.code;
}
