// Answers, models and errors with the TypeScript client; property names are those of JavaScript in both generations.
import { Mistral } from "@mistralai/mistralai";
import { readFileSync } from "node:fs";

const at = JSON.parse(process.argv.at(-1));
const real = new Mistral({ serverURL: at.server, apiKey: "any key" });
const scripted = new Mistral({ serverURL: at.scripted, apiKey: at.key });
const inside = (text) => "data:application/pdf;base64," + Buffer.from(text).toString("base64");
const PDF = { type: "document_url", documentUrl: inside("%PDF-1.7 ") };

function* strange(node, path = "") {
  if (node === undefined) yield `${path}: undefined`;
  if (node === null || typeof node !== "object" || node instanceof Date) return;
  if (node.isUnknown === true || node.type === "UNKNOWN") yield `${path}: unknown`;
  for (const [name, value] of Object.entries(node)) yield* strange(value, `${path}.${name}`);
}

const found = { strange: [], effects: {}, errors: {}, models: {} };
const look = (answer) => {
  found.strange.push(...strange(answer));
  return answer;
};

for (const tableFormat of [null, "markdown", "html"]) {
  for (const confidenceScoresGranularity of [null, "page", "block", "word"]) {
    for (const includeBlocks of [true, false]) {
      const options = { tableFormat, confidenceScoresGranularity, includeBlocks, includeImageBase64: includeBlocks };
      look(await scripted.ocr.process({ model: "mistral-ocr-latest", document: PDF, ...options }));
    }
  }
}

const blocks = look(await scripted.ocr.process({ model: null, document: PDF, pages: [1] }));
found.effects.pages = blocks.pages.map((page) => page.index);
found.effects.kinds = (blocks.pages[0].blocks ?? []).map((block) => block.type).sort();
const limited = look(await scripted.ocr.process({ model: null, document: PDF, imageLimit: 1, extractHeader: true }));
found.effects.imageLimit = limited.pages.flatMap((page) => page.images).length;

const report = { type: "document_url", documentUrl: `${at.files}/report.pdf` };
const receipt = { type: "image_url", imageUrl: `${at.files}/receipt.webp` };
const read = look(await real.ocr.process({ model: "mistral-ocr-latest", document: report, includeImageBase64: true }));
found.effects.markdown = read.pages[0].markdown.slice(0, 19);
found.effects.model = read.model;
const [picture] = read.pages[0].images;
found.effects.picture = picture.imageBase64.slice(0, 23);
found.effects.usage = read.usageInfo.pagesProcessed;
found.effects.receipt = look(await real.ocr.process({ model: null, document: receipt })).pages.length;

const russian = { model: null, document: { type: "image_url", imageUrl: `${at.files}/russian.png` } };
const inEnglish = { headers: { "X-Octavo-Options": JSON.stringify({ languages: ["en"] }) } };
const foreign = look(await real.ocr.process(russian)).pages[0].markdown;
found.effects.languages = foreign !== look(await real.ocr.process(russian, inEnglish)).pages[0].markdown;

const listed = look(await real.models.list());
found.models.listed = listed.data.map((card) => card.id);
found.models.types = [...new Set(listed.data.map((card) => card.type))];
found.models.retrieved = look(await real.models.retrieve({ modelId: "mistral-ocr-latest" })).id;

const errors = {
  "unknown model": [real, { model: "gpt-9", document: report }],
  "empty address": [real, { model: null, document: { type: "document_url", documentUrl: "" } }],
  "unknown file": [real, { model: null, document: { type: "file", fileId: "6e8b1f0c-8a5e-4c54-9d3f-0a9bb1b3b5a1" } }],
  Overloaded: [scripted, { model: null, document: { ...PDF, documentUrl: inside("raise Overloaded ") } }],
  "no key": [new Mistral({ serverURL: at.scripted, apiKey: "wrong" }), { model: null, document: PDF }],
};
for (const [name, [client, request]] of Object.entries(errors)) {
  try {
    await client.ocr.process(request);
    found.errors[name] = null;
  } catch (error) {
    found.errors[name] = [error.constructor.name, error.statusCode ?? error.httpMeta?.response?.status];
  }
}
const packaged = JSON.parse(readFileSync("node_modules/@mistralai/mistralai/package.json", "utf8"));
found.version = packaged.version;
console.log(JSON.stringify(found));
