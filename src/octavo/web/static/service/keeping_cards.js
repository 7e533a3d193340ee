// What is kept, where, for how long, and what is refused.
import { html } from "../parts/html.js";
import { t } from "../words/index.js";
import { Card, Facts } from "./card.js";
import { bytes, duration, listed, plain } from "./numbers.js";

/** @typedef {import("../wire/types.js").Status} Status */

const DAY = 86400;
const KINDS = /** @type {const} */ (["ocr", "batch", "results", "other"]);

/** @param {{storage: Status["storage"]}} props */
export function StorageCard({ storage }) {
  return html`
    <${Card} name="storage" title=${t("service.storage")}>
      <${Facts}
        rows=${[
          [t("service.storage.folder"), html`<code>${storage.data_dir}</code>`],
          [t("service.storage.free"), size(storage.free_bytes)],
          [t("service.storage.kept"), bytes(storage.kept_bytes)],
          [t("service.storage.spool"), size(storage.spool_bytes)],
          [t("service.storage.database"), storage.database],
          [t("service.storage.blobs"), t(`service.blobs.${storage.blobs}`)],
        ]}
      />
    <//>
  `;
}

/** @param {number | null} count null where the disk did not tell */
function size(count) {
  return count === null ? html`<span class="soft">${t("service.storage.silent")}</span>` : bytes(count);
}

/** @param {{retention: Status["retention"]}} props */
export function RetentionCard({ retention }) {
  const { pages_seconds: seconds, results_linked: linked, file_days: days, job_days: jobs } = retention;
  return html`
    <${Card} name="retention" title=${t("service.retention")}>
      <ul class="sentences">
        <li>${seconds ? t("service.retention.pages", { time: duration(seconds) }) : t("service.retention.pages.not")}</li>
        <li>${t(linked ? "service.retention.links" : "service.retention.links.not")}</li>
        ${filesKept(days).map((sentence) => html`<li key=${sentence}>${sentence}</li>`)}
        <li>${jobs ? t("service.retention.jobs", { time: duration(jobs * DAY) }) : t("service.retention.jobs.always")}</li>
      </ul>
    <//>
  `;
}

/** A sentence for each length of time, with all kinds of files that are kept so long. @param {Status["retention"]["file_days"]} days */
function filesKept(days) {
  const lengths = [...new Set(KINDS.map((kind) => days[kind]))];
  return lengths.map((length) => {
    const what = listed(KINDS.filter((kind) => days[kind] === length).map((kind) => t(`service.files.${kind}`)));
    return length ? t("service.retention.files", { what, time: duration(length * DAY) }) : t("service.retention.files.always", { what });
  });
}

/** @param {{limits: Status["limits"]}} props */
export function LimitsCard({ limits }) {
  const { request_timeout: seconds } = limits;
  return html`
    <${Card} name="limits" title=${t("service.limits")}>
      <${Facts}
        rows=${[
          [t("service.limits.file"), bytes(limits.max_file_bytes)],
          [t("service.limits.pages"), plain(limits.max_pages)],
          [t("service.limits.upload"), bytes(limits.max_upload_bytes), t("service.limits.upload.help")],
          [t("service.limits.time"), seconds === null ? t("service.limits.time.none") : duration(seconds, "short"), t("service.limits.time.help")],
        ]}
      />
    <//>
  `;
}
