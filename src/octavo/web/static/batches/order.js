// What is asked of the server for a batch: the requests, and the job itself.
import { bodyOf, checkPages } from "../read/options.js";
import { askJson } from "../wire/requests.js";

/** @typedef {import("../wire/types.js").Job} Job */
/** @typedef {import("../read/options.js").Options} Options */

const LONGEST_NAME = 512;

/** A job that is asked for: once, however often somebody tries. */
export class Order {
  constructor() {
    /** Requests that are on the server. @type {{lines: string, id: string} | null} */
    this.sent = null;
    /** The same key with the same body makes one job. */
    this.asked = { body: "", key: "" };
  }

  /**
   * The requests, made of documents, as a file on the server.
   * @param {string} lines
   * @param {number} hours that it is kept
   * @returns {Promise<string>} its id
   */
  async upload(lines, hours) {
    if (this.sent?.lines === lines) return this.sent.id;
    const form = new FormData();
    form.append("purpose", "batch");
    form.append("expiry", String(hours));
    form.append("file", new Blob([lines]), "requests.jsonl");
    const { id } = await askJson("v1/files", { method: "POST", body: form });
    this.sent = { lines, id };
    return id;
  }

  /**
   * @param {{files: string[], name: string, hours: number, model: string}} wanted
   * @returns {Promise<Job>}
   */
  async begin({ files, name, hours, model }) {
    const body = {
      endpoint: "/v1/ocr",
      input_files: files,
      metadata: { "octavo-from": name },
      timeout_hours: hours,
      ...(model && { model }),
    };
    const said = JSON.stringify(body);
    if (this.asked.body !== said) this.asked = { body: said, key: randomKey() };
    return askJson("v1/batch/jobs", { method: "POST", body, headers: { "Idempotency-Key": this.asked.key } });
  }
}

/**
 * A line for each document.
 * @param {{name: string, id: string}[]} documents
 * @param {Options} options but for the password, which would be stored
 * @throws {Error} where the pages asked for are none
 */
export function requestLines(documents, options) {
  checkPages(options.pages);
  const body = bodyOf({ ...options, password: "" });
  const names = distinct(documents.map(({ name }) => name));
  const requests = documents.map(({ id }, at) => ({ custom_id: names[at], body: { document: { type: "file", file_id: id }, ...body } }));
  return requests.map((request) => JSON.stringify(request) + "\n").join("");
}

/** What a job is called: its only file, the folder of all files, or the first one. @param {string[]} names */
export function titleOf(names) {
  const folder = names[0].split("/")[0];
  if (names.length > 1 && names.every((name) => name.startsWith(`${folder}/`))) return folder.slice(-LONGEST_NAME);
  const more = names.length > 1 ? ` + ${names.length - 1}` : "";
  return names[0].slice(more.length - LONGEST_NAME) + more;
}

/** Names of which no two are the same. @param {string[]} names */
export function distinct(names) {
  /** @type {Set<string>} */
  const taken = new Set();
  return names.map((name) => {
    let own = name;
    for (let again = 2; taken.has(own); again++) own = `${name} (${again})`;
    taken.add(own);
    return own;
  });
}

/** `crypto.randomUUID` is there on secure pages alone. */
function randomKey() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((number) => number.toString(36)).join("-");
}
