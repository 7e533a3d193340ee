// The results of a job as an archive of Markdown, a file for each document.
import { plainPath } from "../parts/file_name.js";
import { joined, partsOf, save } from "../read/save.js";
import { linesOf } from "../wire/lines.js";
import { ask, askJson, Refusal } from "../wire/requests.js";
import { t } from "../words/index.js";
import { gone } from "./download.js";
import { size } from "./numbers.js";
import { distinct } from "./order.js";

/** Bytes of results that are worked on in the browser's memory. */
const MOST_BYTES = 250e6;

/** @typedef {import("../wire/types.js").Page} Page */

/**
 * @param {string} file with the results
 * @param {string} name of the archive
 */
export async function saveArchive(file, name) {
  const { bytes } = await askJson(`v1/files/${file}`).catch(gone);
  if (bytes > MOST_BYTES) throw new Refusal(-1, t("archive.large", { size: size(MOST_BYTES) }));
  const { zipSync } = await import("../vendor/fflate.js");
  save(zipSync(entriesOf(await resultsOf(file))), `${plainPath(name).replaceAll("/", "_")}.zip`, "application/zip");
}

/** @param {string} file @returns {Promise<{name: string, pages: Page[]}[]>} */
async function resultsOf(file) {
  const response = await ask(`v1/files/${file}/content`);
  const results = [];
  for await (const line of linesOf(response, { last: true })) {
    const { id, custom_id, response } = JSON.parse(line);
    results.push({ name: plainPath(String(custom_id || id)), pages: response.body.pages });
  }
  return results;
}

/** Documents that have more than Markdown get a folder of their own. @param {{name: string, pages: Page[]}[]} results */
function entriesOf(results) {
  /** @type {Record<string, Uint8Array>} */
  const entries = {};
  const stems = distinct(results.map(({ name }) => name.replace(/(?<=[^/])\.\w{1,5}$/, "")));
  results.forEach(({ pages }, at) => {
    const markdown = new TextEncoder().encode(joined(pages));
    const parts = partsOf(pages);
    const alone = !Object.keys(parts).length;
    const last = stems[at].split("/").pop();
    entries[alone ? `${stems[at]}.md` : `${stems[at]}/${last}.md`] = markdown;
    for (const [name, content] of Object.entries(parts)) entries[`${stems[at]}/${name}`] = content;
  });
  return entries;
}
