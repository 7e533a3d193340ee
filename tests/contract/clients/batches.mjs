// Batch jobs with the TypeScript client; property names are those of JavaScript in both generations.
import { Mistral } from "@mistralai/mistralai";
import { readFileSync } from "node:fs";

const at = JSON.parse(process.argv.at(-1));
const client = new Mistral({ serverURL: at.server, apiKey: at.key });
const stranger = new Mistral({ serverURL: at.server, apiKey: at.stranger });
const model = "mistral-ocr-latest";
// One black pixel.
const PNG =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
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
const failure = async (call) => {
  try {
    await call();
    return null;
  } catch (error) {
    return [error.constructor.name, error.statusCode ?? error.httpMeta?.response?.status];
  }
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const line = (customId, url) => ({ custom_id: customId, body: { document: { type: "image_url", image_url: url } } });
const upload = async (...lines) => {
  const content = new TextEncoder().encode(lines.map((one) => JSON.stringify(one)).join("\n"));
  return look(await client.files.upload({ file: { fileName: "lines.jsonl", content }, purpose: "batch" }));
};
const linesOf = async (fileId) => {
  const text = await new Response(await client.files.download({ fileId })).text();
  return text.trim().split("\n").map((one) => JSON.parse(one));
};
const waited = async (job) => {
  while (["QUEUED", "RUNNING", "CANCELLATION_REQUESTED"].includes(job.status)) {
    await pause(100);
    job = look(await client.batch.jobs.get({ jobId: job.id }));
  }
  return job;
};
const create = async (request) => look(await client.batch.jobs.create({ endpoint: "/v1/ocr", ...request }));

const file = await upload(line("a", PNG), line("b", "data:image/png;base64,AAAA"), line("c", PNG));
const begun = new Date(Date.now() - 60_000);
const first = await create({ inputFiles: [file.id], model, metadata: { job_type: "testing", k: "v" } });
const over = await waited(first);
found.created = [first.status, first.totalRequests, first.object];
found.over = [over.status, over.totalRequests, over.completedRequests, over.succeededRequests, over.failedRequests];
found.errors = over.errors.map((error) => [error.message, error.count]);
found.inputs = over.inputFiles[0] === file.id && over.inputFiles.length === 1;
const [output, errors] = [await linesOf(over.outputFile), await linesOf(over.errorFile)];
found.output = output.map((one) => one.custom_id);
found.failed = errors.map((one) => [one.custom_id, one.response.status_code, typeof one.response.body]);
const inside = look(await client.batch.jobs.get({ jobId: first.id, inline: true }));
found.inside = JSON.stringify(inside.outputs) === JSON.stringify([...output, ...errors]);

const requests = [
  { customId: "x", body: line("x", PNG).body },
  { customId: null, body: line(null, PNG).body },
];
const inline = await waited(await create({ requests, model }));
found.inline = [inline.status, inline.inputFiles.length, (await linesOf(inline.outputFile)).map((one) => one.custom_id)];

const names = { [first.id]: "first", [inline.id]: "inline" };
const listed = async (request) => {
  const answer = look(await client.batch.jobs.list(request));
  return [answer.data.map((job) => names[job.id] ?? "?"), answer.total];
};
found.listed = {
  all: await listed(),
  metadata: await listed({ metadata: { job_type: "testing", k: "v" } }),
  "created after": await listed({ createdAfter: begun }),
  "created later": await listed({ createdAfter: new Date(Date.now() + 3_600_000) }),
  status: await listed({ status: ["SUCCESS", "FAILED"] }),
  "other status": await listed({ status: ["QUEUED", "RUNNING"] }),
  "first page": await listed({ page: 0, pageSize: 1, createdByMe: true, model }),
};

const gate = `${at.gate}/${crypto.randomUUID()}`;
const held = Array.from({ length: 60 }, (_, n) => ({ customId: `${n}`, body: line("", `${gate}/${n}`).body }));
let running = await create({ requests: held, model });
while (running.status === "QUEUED") {
  await pause(50);
  running = await client.batch.jobs.get({ jobId: running.id });
}
const deletes = typeof client.batch.jobs.delete === "function";
const busy = deletes ? await failure(() => client.batch.jobs.delete({ jobId: running.id })) : ["SDKError", 409];
const asked = look(await client.batch.jobs.cancel({ jobId: running.id }));
found.cancelled = [running.status, busy, asked.status, (await waited(asked)).status];
await fetch(gate, { method: "POST" });
if (deletes) found.deleted = look(await client.batch.jobs.delete({ jobId: inline.id })).deleted;
found.refused = {
  "unknown job": await failure(() => client.batch.jobs.get({ jobId: UNKNOWN })),
  "another's job": await failure(() => stranger.batch.jobs.get({ jobId: first.id })),
  "unknown file": await failure(() => create({ inputFiles: [UNKNOWN], model })),
  "other endpoint": await failure(() => client.batch.jobs.create({ endpoint: "/v1/embeddings", requests, model })),
  "too much time": await failure(() => create({ requests, model, timeoutHours: 169 })),
};
found.deletes = deletes;
found.version = JSON.parse(readFileSync("node_modules/@mistralai/mistralai/package.json", "utf8")).version;
console.log(JSON.stringify(found));
