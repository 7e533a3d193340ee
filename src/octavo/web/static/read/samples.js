// The same request, ready to paste: with the clients of Mistral, with requests, with curl.
import { bodyOf } from "./options.js";

/** @typedef {Record<string, any>} Body */

/**
 * @param {import("./reading.js").Reading} reading
 * @param {string} server such as `http://localhost:8000`
 * @returns {[name: string, title: string, code: string][]}
 */
export function samplesOf(reading, server) {
  const { model = "octavo-1", ...told } = bodyOf({ ...reading.options, password: "" });
  const file = "file" in reading.source ? reading.source.file.name : reading.name || "document.pdf";
  const url = "url" in reading.source ? reading.source.url : "";
  const ask = { server, file, url, model, body: told };
  return [
    ["mistralai", "Python (mistralai)", mistralai(ask)],
    ["requests", "Python (requests)", requests(ask)],
    ["curl", "curl", curl(ask)],
    ["typescript", "TypeScript", typescript(ask)],
  ];
}

/** @typedef {{server: string, file: string, url: string, model: string, body: Body}} Ask */

/** @param {Ask} ask */
function mistralai({ server, file, url, model, body: { octavo, ...body } }) {
  const header = octavo ? [`    http_headers={"X-Octavo-Options": ${pyString(JSON.stringify(octavo))}},`] : [];
  const upload = [
    "file = client.files.upload(",
    `    file={"file_name": ${pyString(file)}, "content": open(${pyString(file)}, "rb")}, purpose="ocr"`,
    ")",
  ];
  const document = url ? `{"type": "document_url", "document_url": ${pyString(url)}}` : '{"type": "file", "file_id": file.id}';
  return [
    "from mistralai.client import Mistral  # mistralai 1.x: from mistralai import Mistral",
    "",
    `client = Mistral(server_url=${pyString(server)}, api_key="YOUR_KEY")`,
    ...(url ? [] : upload),
    "answer = client.ocr.process(",
    `    model=${pyString(model)},`,
    `    document=${document},`,
    ...Object.entries(body).map(([name, value]) => `    ${name}=${py(value)},`),
    ...header,
    ")",
    "for page in answer.pages:",
    "    print(page.markdown)",
  ].join("\n");
}

/** @param {Ask} ask */
function requests({ server, file, url, model, body }) {
  const open = [
    `data = base64.b64encode(open(${pyString(file)}, "rb").read()).decode()`,
    `document = {"type": "document_url", "document_url": "data:application/octet-stream;base64," + data}`,
  ];
  return [
    ...(url ? [] : ["import base64", ""]),
    "import requests",
    "",
    ...(url ? [`document = {"type": "document_url", "document_url": ${pyString(url)}}`] : open),
    "answer = requests.post(",
    `    ${pyString(`${server}/v1/ocr`)},`,
    '    headers={"Authorization": "Bearer YOUR_KEY"},',
    `    json={"model": ${pyString(model)}, "document": document, **${py(body)}},`,
    "    timeout=600,",
    ")",
    "answer.raise_for_status()",
    'for page in answer.json()["pages"]:',
    '    print(page["markdown"])',
  ].join("\n");
}

/** @param {Ask} ask */
function curl({ server, file, url, model, body }) {
  if (url) {
    const json = JSON.stringify({ model, document: { type: "document_url", document_url: url }, ...body }, null, 2);
    return [`curl ${shell(`${server}/v1/ocr`)} \\`, '  -H "Authorization: Bearer YOUR_KEY" -H "Content-Type: application/json" \\', `  -d ${shell(json)}`].join("\n");
  }
  const fields = Object.entries({ model, ...body }).map(([name, value]) => `  --form-string ${shell(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)} \\`);
  return [`curl ${shell(`${server}/v1/ocr`)} \\`, '  -H "Authorization: Bearer YOUR_KEY" \\', ...fields, `  -F ${shell(`file=@${quoted(file)}`)}`].join("\n");
}

/** @param {Ask} ask */
function typescript({ server, file, url, model, body: { octavo, ...body } }) {
  const header = octavo ? `, { headers: { "X-Octavo-Options": ${JSON.stringify(JSON.stringify(octavo))} } }` : "";
  const upload = ['const content = new Blob([await readFile(', `${JSON.stringify(file)})]);`].join("");
  const stored = `const file = await client.files.upload({ file: { fileName: ${JSON.stringify(file)}, content }, purpose: "ocr" });`;
  const document = url ? `{ type: "document_url", documentUrl: ${JSON.stringify(url)} }` : '{ type: "file", fileId: file.id }';
  return [
    ...(url ? [] : ['import { readFile } from "node:fs/promises";']),
    'import { Mistral } from "@mistralai/mistralai";',
    "",
    `const client = new Mistral({ serverURL: ${JSON.stringify(server)}, apiKey: "YOUR_KEY" });`,
    ...(url ? [] : [upload, stored]),
    "const answer = await client.ocr.process({",
    `  model: ${JSON.stringify(model)},`,
    `  document: ${document},`,
    ...Object.entries(body).map(([name, value]) => `  ${camel(name)}: ${JSON.stringify(value)},`),
    `}${header});`,
    "for (const page of answer.pages) console.log(page.markdown);",
  ].join("\n");
}

/** @param {unknown} value @returns {string} */
function py(value) {
  if (typeof value === "string") return pyString(value);
  if (Array.isArray(value)) return `[${value.map(py).join(", ")}]`;
  if (value && typeof value === "object") {
    return `{${Object.entries(value).map(([name, each]) => `${pyString(name)}: ${py(each)}`).join(", ")}}`;
  }
  return value === true ? "True" : value === false ? "False" : value === null ? "None" : String(value);
}

/** A string of JSON is one of Python, too. @param {string} text */
function pyString(text) {
  return JSON.stringify(text);
}

/** A name within a field of curl, which would part it at commas and semicolons. @param {string} name */
function quoted(name) {
  return `"${name.replace(/["\\]/g, "\\$&")}"`;
}

/** @param {string} text */
function shell(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** @param {string} name */
function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}
