// Files with the TypeScript client, whose forms begin with the file.
import { Mistral } from "@mistralai/mistralai";

const at = JSON.parse(process.argv.at(-1));
const client = new Mistral({ serverURL: at.server, apiKey: "any key" });
const pdf = new Uint8Array(await (await fetch(`${at.files}/report.pdf`)).arrayBuffer());
const UNKNOWN = "6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1";

function* strange(node, path = "") {
  if (node === undefined) yield `${path}: undefined`;
  if (node === null || typeof node !== "object" || node instanceof Date) return;
  if (node.isUnknown === true || node.type === "UNKNOWN") yield `${path}: unknown`;
  for (const [name, value] of Object.entries(node)) yield* strange(value, `${path}.${name}`);
}

const found = { strange: [] };
const look = (answer) => {
  found.strange.push(...strange(answer));
  return answer;
};
const whole = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
const same = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);
const failure = async (call) => {
  try {
    await call;
    return null;
  } catch (error) {
    return [error.constructor.name, error.statusCode ?? error.httpMeta?.response?.status];
  }
};

const named = look(await client.files.upload({ file: { fileName: "report.pdf", content: pdf }, purpose: "ocr" }));
const blob = look(await client.files.upload({ file: new Blob([pdf]), purpose: "ocr" }));
const signed = look(await client.files.getSignedUrl({ fileId: named.id, expiry: 1 }));
const listed = look(await client.files.list({ purpose: "ocr", pageSize: 1000 }));
const read = async (document) => {
  const answer = look(await client.ocr.process({ model: "mistral-ocr-latest", document }));
  return [answer.pages.length, answer.pages[0].markdown.slice(0, 19)];
};
found.uploaded = [named, blob].map((file) => [file.filename, file.purpose, file.sampleType, file.sizeBytes === pdf.length]);
found.listed = [named, blob].every((file) => listed.data.some((other) => other.id === file.id));
found.retrieved = look(await client.files.retrieve({ fileId: named.id })).deleted;
found.downloaded = same(await whole(await client.files.download({ fileId: named.id })), pdf);
found.signed = same(new Uint8Array(await (await fetch(signed.url)).arrayBuffer()), pdf);
found.byId = await read({ type: "file", fileId: named.id });
found.byAddress = await read({ type: "document_url", documentUrl: signed.url });
found.deleted = [];
for (const file of [named, blob]) found.deleted.push(look(await client.files.delete({ fileId: file.id })).deleted);
found.unknown = await failure(client.files.retrieve({ fileId: UNKNOWN }));
console.log(JSON.stringify(found));
