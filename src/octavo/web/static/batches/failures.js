// What failed in a job, and why, as far as its file of errors is worth reading here.
import { ask, askJson } from "../wire/requests.js";
import { linesOf } from "../wire/lines.js";

/** @typedef {{line: number, name: string, status: number | null, reason: string}} Failure `line`: of the input, from 1 */
/** @typedef {{line: number, name: string, file: string | null, body: Record<string, any>}} Request */

/** Lines that are shown; all of them stand in the file. */
const MOST_LINES = 100;
const MOST_BYTES = 4_000_000;

/**
 * The first failed lines.
 * @param {string} file
 * @param {AbortSignal} signal
 * @returns {Promise<Failure[]>}
 */
export async function failuresOf(file, signal) {
  return (await firstLines(file, signal)).map(({ told }) => failureOf(told));
}

/**
 * The first requests of a job, with the ids of their documents where these are files. Null where the job is of some
 * lines of its files alone, for nobody tells of which.
 * @param {import("../wire/types.js").Job} job
 * @param {AbortSignal} signal
 * @returns {Promise<Request[] | null>}
 */
export async function requestsOf(job, signal) {
  const files = await Promise.all(job.input_files.map((file) => askJson(`v1/files/${file}`, { signal })));
  const lines = files.reduce((sum, file) => sum + (file.num_lines ?? 0), 0);
  if (!files.length) return [];
  if (lines !== job.total_requests) return null;
  return (await firstLines(job.input_files[0], signal)).map(({ told, line }) => {
    const body = told?.body && typeof told.body === "object" ? told.body : {};
    return { line, name: String(told?.custom_id ?? ""), file: body.document?.file_id ?? null, body };
  });
}

/** @param {string} file @param {AbortSignal} signal */
async function firstLines(file, signal) {
  const response = await ask(`v1/files/${file}/content`, { signal });
  /** @type {{told: any, line: number}[]} */
  const found = [];
  for await (const text of linesOf(response, { most: MOST_BYTES, last: true })) {
    // The server counts lines that are not blank.
    if (text.trim()) found.push({ told: parsed(text), line: found.length + 1 });
    if (found.length === MOST_LINES) break;
  }
  return found;
}

/** @param {any} told @returns {Failure} */
function failureOf(told) {
  const line = Number(/-(\d+)-[^-]*$/.exec(told?.id ?? "")?.[1] ?? 0);
  const response = told?.response ?? {};
  const said = typeof response.body === "string" ? parsed(response.body) : response.body;
  const reason = told?.error?.message ?? said?.message ?? JSON.stringify(response.body ?? told);
  return { line, name: String(told?.custom_id ?? ""), status: response.status_code ?? null, reason: String(reason) };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
