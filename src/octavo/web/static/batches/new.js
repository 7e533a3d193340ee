// A new batch: files are chosen, sent, and the job begins.
import { html, useMemo, useRef } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { Problem } from "../parts/problem.js";
import { toast } from "../parts/toasts.js";
import { useWatched } from "../parts/watch.js";
import { Link } from "../shell/link.js";
import { route } from "../shell/route.js";
import { t } from "../words/index.js";
import { draft } from "./draft.js";
import { picked } from "./gather.js";
import { Files } from "./files.js";
import { Heading } from "./heading.js";
import { areSound, Settings } from "./settings.js";

/** @param {{first?: boolean}} props `first`: there is no other job yet */
export function Draft({ first = false }) {
  useWatched(draft);
  const { items, state, far } = draft;
  // Rows draw themselves anew; there may be hundreds, and all of them only when they change places.
  const files = useMemo(() => html`<${Files} />`, [items, state, far.failed]);
  return html`
    <div class="batches new-batch">
      ${!first && html`<${Link} to="batches" class="back"><${Icon} name="back" />${t("batches.all")}<//>`}
      <header class=${items.length ? "" : "inviting"}>
        <${Heading}>${t(first ? "batches.first" : "batches.new")}<//>
        <p class="lead">${t("batches.lead")}</p>
      </header>
      ${["choosing", "halted"].includes(state) && html`<${Choose} small=${items.length > 0} />`}
      ${items.length > 0 && files}
      ${items.length > 0 && state === "choosing" && html`<${Settings} />`}
      ${items.length > 0 && html`<${Foot} />`}
    </div>
  `;
}

/** @param {Promise<import("../wire/types.js").Job | null>} coming */
export async function arrive(coming) {
  const job = await coming;
  if (!job) return;
  if (route.view === "batches" && !route.query.has("job")) route.go(`batches?job=${job.id}`);
  toast(t("batches.started"));
}

/** @param {import("./gather.js").Gathered} gathered */
export function take({ files, leftOut }) {
  if (draft.busy) return toast(t("batches.busy"));
  const strange = files.length ? draft.add(files) : 0;
  if (strange) toast(t(draft.isRequests ? "batches.strange.documents" : "batches.strange.requests", { count: strange }));
  else if (leftOut) toast(t("batches.left", { count: leftOut }));
}

/** @param {{small: boolean}} props */
function Choose({ small }) {
  const files = useRef(/** @type {HTMLInputElement | null} */ (null));
  const folder = useRef(/** @type {HTMLInputElement | null} */ (null));
  return html`
    <div class=${small ? "drop small" : "drop"}>
      ${!small && html`<${Icon} name="up" />`}
      <p>${t(small ? "batches.more" : "batches.drop")}</p>
      <div class="actions">
        <button class=${small ? "button" : "button main"} onClick=${() => files.current?.click()}>${t("start.pick")}</button>
        ${!draft.isRequests && html`<button class="button" onClick=${() => folder.current?.click()}><${Icon} name="folder" />${t("batches.folder")}</button>`}
      </div>
      <input ref=${files} name="files" type="file" multiple hidden onChange=${chosen} aria-label=${t("start.pick")} />
      <input ref=${folder} name="folder" type="file" webkitdirectory hidden onChange=${chosen} aria-label=${t("batches.folder")} />
      ${!small && html`<p><small>${t("batches.kinds")}</small></p>`}
    </div>
  `;
}

/** @param {Event & {currentTarget: HTMLInputElement}} event */
function chosen({ currentTarget }) {
  if (currentTarget.files) take(picked(currentTarget.files));
  currentTarget.value = ""; // the same file can be chosen again
}

/** What can be done next. */
function Foot() {
  const { state, far } = draft;
  if (state === "sending" || state === "starting") return html`<${Going} />`;
  const waits = far.failed + far.waiting;
  const halted = state === "halted";
  return html`
    <footer class="draft-foot">
      ${halted && !draft.error && html`<p class="note bad" role="alert"><${Icon} name="bell" /><span>${t("batches.halted", { count: waits, all: far.count })}</span></p>`}
      ${draft.error && html`<${Problem} error=${draft.error} title=${t("batches.unstarted")} />`}
      <div class="actions">
        <button class="button main" onClick=${() => areSound() && arrive(draft.start())}>${goOn()}</button>
        ${halted && far.failed > 0 && far.failed < far.count && !far.waiting && html`<button class="button" onClick=${() => arrive(draft.leaveOut())}>${t("batches.without", { count: far.count - far.failed })}</button>`}
        <button class="button quiet" onClick=${() => draft.discard()}>${t("batches.discard")}</button>
      </div>
    </footer>
  `;
}

function goOn() {
  if (draft.state === "halted") return t("again");
  return t(draft.isRequests ? "batches.start.requests" : "batches.start", { count: draft.items.length });
}

/** Files on their way. */
function Going() {
  useWatched(draft.progress);
  const { sent, count } = draft.far;
  const share = draft.items.reduce((sum, item) => sum + (item.state === "sent" ? 1 : item.state === "sending" ? item.share : 0), 0) / count;
  return html`
    <footer class="draft-foot">
      <p role="status">${t(draft.state === "starting" ? "batches.starting" : "batches.sent", { sent, count })}</p>
      <span class="progress" role="progressbar" aria-label=${t("progress")} aria-valuenow=${Math.round(share * 100)}><i style=${{ width: `${share * 100}%` }}></i></span>
      <div class="actions">
        <button class="button" disabled=${draft.state === "starting"} onClick=${() => draft.stop()}>${t("stop")}</button>
        <small>${t("batches.stay")}</small>
      </div>
    </footer>
  `;
}
