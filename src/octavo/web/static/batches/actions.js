// What can be done with a job: retry, cancel, delete, take its files along.
import { Dialog } from "../parts/dialog.js";
import { html, useState } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { Menu } from "../parts/menu.js";
import { Problem } from "../parts/problem.js";
import { toast } from "../parts/toasts.js";
import { route } from "../shell/route.js";
import { t } from "../words/index.js";
import { download } from "./download.js";
import { isOver, nameOf } from "./state.js";

/** @typedef {import("./job_look.js").JobLook} JobLook */
/** @typedef {import("../wire/types.js").Job} Job */

/** @param {{look: JobLook, job: Job}} props */
export function Actions({ look, job }) {
  const [asked, ask] = useState("");
  const [busy, work] = useState(false);
  const [error, failed] = useState(/** @type {Error | null} */ (null));
  const over = isOver(job);
  const run = async (/** @type {() => Promise<unknown>} */ doing) => {
    ask("");
    failed(null);
    work(true);
    await doing().catch(failed);
    work(false);
  };
  const others = filesOf(job).map(({ label, work }) => ({ label, run: () => run(work) }));
  return html`
    <div class="job-actions">
      ${job.output_file && html`<button class="button main" disabled=${busy} onClick=${() => run(() => download(job.output_file))}><${Icon} name="down" />${t("job.results")}</button>`}
      ${over && job.failed_requests > 0 && html`<button class="button" disabled=${busy} onClick=${() => run(() => retry(look))}><${Icon} name="again" />${t("job.retry", { count: job.failed_requests })}</button>`}
      ${others.length > 0 && html`<${Menu} disabled=${busy} title=${t("job.files")} label=${html`<${Icon} name="file" />${t("job.files")}`} items=${others} />`}
      ${!over && job.status !== "CANCELLATION_REQUESTED" && html`<button class="button danger" disabled=${busy} onClick=${() => ask("cancel")}><${Icon} name="stop" />${t("job.cancel")}</button>`}
      ${over && html`<button class="button danger" disabled=${busy} onClick=${() => ask("delete")}><${Icon} name="trash" />${t("job.delete")}</button>`}
      ${error && html`<${Problem} error=${error} />`}
      ${asked === "cancel" && html`<${Cancel} close=${() => ask("")} sure=${() => run(() => look.cancel())} />`}
      ${asked === "delete" && html`<${Delete} close=${() => ask("")} sure=${(/** @type {boolean} */ all) => run(() => remove(look, all))} />`}
    </div>
  `;
}

/** What else can be taken along. @param {Job} job @returns {{label: string, work: () => Promise<unknown>}[]} */
function filesOf(job) {
  const inputs = job.input_files.map((file, at) => ({
    label: job.input_files.length > 1 ? t("job.input.of", { number: at + 1 }) : t("job.input"),
    work: () => download(file),
  }));
  const { output_file: results, error_file: errors } = job;
  return [
    ...(results ? [{ label: t("job.markdown"), work: () => archive(results, nameOf(job)) }] : []),
    ...(errors ? [{ label: t("job.errors"), work: () => download(errors) }] : []),
    ...inputs,
  ];
}

/** @param {string} results @param {string} name */
async function archive(results, name) {
  const { saveArchive } = await import("./markdown_zip.js");
  await saveArchive(results, name);
}

/** @param {{close: () => void, sure: () => void}} props */
function Cancel({ close, sure }) {
  return html`
    <${Dialog} title=${t("job.cancel.title")} close=${close}>
      <p>${t("job.cancel.lead")}</p>
      <div class="actions">
        <button class="button main" onClick=${sure}>${t("job.cancel")}</button>
        <button class="button" onClick=${close}>${t("job.cancel.not")}</button>
      </div>
    <//>
  `;
}

/** @param {{close: () => void, sure: (all: boolean) => void}} props */
function Delete({ close, sure }) {
  const [all, choose] = useState(false);
  return html`
    <${Dialog} title=${t("job.delete.title")} close=${close}>
      <p>${t("job.delete.lead")}</p>
      <label class="check"><input name="results" type="checkbox" checked=${all} onChange=${() => choose(!all)} /><span>${t("job.delete.all")}</span></label>
      <div class="actions">
        <button class="button main" onClick=${() => sure(all)}>${t("job.delete")}</button>
        <button class="button" onClick=${close}>${t("job.delete.not")}</button>
      </div>
    <//>
  `;
}

/** @param {JobLook} look */
async function retry(look) {
  const job = await look.retry();
  route.go(`batches?job=${job.id}`);
  toast(t("job.retried", { count: job.total_requests }));
}

/** @param {JobLook} look @param {boolean} all */
async function remove(look, all) {
  await look.remove(all);
  route.go("batches");
  toast(t("job.deleted"));
}
