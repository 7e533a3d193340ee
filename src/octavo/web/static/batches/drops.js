// Files can be dropped anywhere in this view, and pasted.
import { route } from "../shell/route.js";
import { dropped, picked } from "./gather.js";
import { take } from "./new.js";

/** @returns {() => void} ends it */
export function takeDrops() {
  const ended = new AbortController();
  const { signal } = ended;
  document.addEventListener("dragover", over, { signal });
  document.addEventListener("dragleave", out, { signal });
  document.addEventListener("drop", drop, { signal });
  document.addEventListener("paste", paste, { signal });
  return () => ended.abort();
}

/** @param {DragEvent} event */
function over(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dragging");
}

/** @param {DragEvent} event */
function out(event) {
  if (!event.relatedTarget) document.body.classList.remove("dragging");
}

/** @param {DragEvent} event */
async function drop(event) {
  document.body.classList.remove("dragging");
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  add(await dropped(event.dataTransfer));
}

/** @param {ClipboardEvent} event */
function paste(event) {
  if (event.clipboardData?.files.length) add(picked(event.clipboardData.files));
}

/** @param {import("./gather.js").Gathered} gathered */
function add(gathered) {
  take(gathered);
  if (gathered.files.length && !route.query.has("new")) route.go("batches?new=1");
}
