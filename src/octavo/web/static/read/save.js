// What was read, to take along: Markdown with its figures, JSON, HTML, text.
import { copy } from "../parts/copy.js";
import { plainName } from "../parts/file_name.js";
import { drawFormulas, elementsOf } from "../text/markdown.js";
import { drawFigures } from "./figures.js";

/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("../wire/types.js").Page} Page */

const STYLE =
  "body{font:17px/1.6 Georgia,serif;max-width:46rem;margin:3rem auto;padding:0 1rem;color:#1d2127}" +
  "table{border-collapse:collapse;font:14px/1.4 sans-serif}th,td{border:1px solid #bbb;padding:.25em .6em;text-align:start}" +
  "img{max-width:100%}section+section{margin-top:2.5rem;padding-top:2.5rem;border-top:1px solid #ddd}";

/** A saved page can load nothing and run nothing either. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The whole Markdown. @param {Reading} reading */
function markdownOf(reading) {
  return joined(pagesOf(reading));
}

/** The Markdown of pages as one. @param {Page[]} pages */
export function joined(pages) {
  return pages
    .map((page) => page.markdown.trim())
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

/** @param {Reading} reading */
export function copyMarkdown(reading) {
  return copy(markdownOf(reading));
}

/** Markdown, figures and tables in a zip archive; Markdown alone where there are none. @param {Reading} reading */
export async function saveMarkdown(reading) {
  const files = partsOf(pagesOf(reading));
  const markdown = new TextEncoder().encode(markdownOf(reading));
  if (!Object.keys(files).length) return save(markdown, `${stem(reading)}.md`, "text/markdown");
  const { zipSync } = await import("../vendor/fflate.js");
  save(zipSync({ [`${stem(reading)}.md`]: markdown, ...files }), `${stem(reading)}.zip`, "application/zip");
}

/** Figures and tables that stand beside the Markdown, by the names that it calls them. @param {Page[]} pages */
export function partsOf(pages) {
  /** @type {Record<string, Uint8Array>} */
  const files = {};
  for (const page of pages) {
    for (const figure of page.images) if (figure.image_base64) files[plainName(figure.id)] = bytesOf(figure.image_base64);
    for (const table of page.tables) files[plainName(table.id)] = new TextEncoder().encode(table.content);
  }
  return files;
}

/** The answer of the API. @param {Reading} reading */
export function saveJson(reading) {
  save(JSON.stringify(reading.answer, null, 1), `${stem(reading)}.json`, "application/json");
}

/** One page of HTML with everything inside. @param {Reading} reading */
export async function saveHtml(reading) {
  const body = document.createElement("body");
  for (const page of pagesOf(reading)) body.append(await sectionOf(page));
  const title = document.createElement("title");
  title.textContent = reading.name;
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">${title.outerHTML}<style>${STYLE}</style>`;
  save(`<!doctype html>\n<html><head>${head}</head>${body.outerHTML}</html>\n`, `${stem(reading)}.html`, "text/html");
}

/** Words alone. @param {Reading} reading */
export async function saveText(reading) {
  const pages = await Promise.all(pagesOf(reading).map((page) => textOf(page)));
  save(pages.join("\n\n").trim() + "\n", `${stem(reading)}.txt`, "text/plain");
}

/** @param {Reading} reading @returns {Page[]} */
function pagesOf(reading) {
  return reading.answer?.pages ?? [];
}

/** @param {Page} page */
async function sectionOf(page) {
  const section = document.createElement("section");
  for (const block of page.blocks ?? []) {
    const table = page.tables.find((each) => block.type === "table" && each.id === block.table_id);
    const elements = elementsOf(table ? table.content : block.content);
    drawFigures(elements, page, null);
    section.append(elements);
  }
  await drawFormulas(section);
  return section;
}

/** @param {Page} page */
function textOf(page) {
  const parts = (page.blocks ?? []).map((block) => {
    const elements = elementsOf(block.content);
    for (const cell of elements.querySelectorAll("td, th")) cell.append("\t");
    for (const end of elements.querySelectorAll("p, li, tr, h1, h2, h3, h4, h5, h6, br")) end.append("\n");
    for (const picture of elements.querySelectorAll("img")) picture.remove();
    return (elements.textContent ?? "").replace(/[ \t]+\n/g, "\n").replace(/\n{2,}/g, "\n").trim();
  });
  return parts.filter(Boolean).join("\n\n");
}

/** @param {string} address `data:image/jpeg;base64,...` */
function bytesOf(address) {
  const letters = atob(address.slice(address.indexOf(",") + 1));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

/** @param {Reading} reading */
function stem(reading) {
  const last = reading.name.split(/[\\/]/).pop() ?? "";
  return plainName(last.replace(/\.\w{1,5}$/, "")) || "document";
}

/** @param {BlobPart | Uint8Array} content @param {string} name @param {string} type */
export function save(content, name, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (content)], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
