// Reading: the start, or the document that is open.
import { html, useEffect } from "../parts/html.js";
import { useWatched } from "../parts/watch.js";
import { route } from "../shell/route.js";
import { desk } from "./desk.js";
import { Document } from "./document.js";
import { fromLink } from "./options.js";
import { Start } from "./start.js";

export function View() {
  useWatched(desk);
  useEffect(openLink, []);
  useEffect(takeDrops, []);
  const reading = desk.current;
  return reading ? html`<${Document} key=${reading.number} reading=${reading} />` : html`<${Start} />`;
}

/** A link names a file that was uploaded and the options. */
function openLink() {
  const query = route.query;
  const file = query.get("file");
  if (!file || desk.current?.file?.id === file) return;
  desk.options = fromLink(query.get("options"));
  desk.open([{ id: file }]);
}

/** Documents can be dropped anywhere, and pasted. */
function takeDrops() {
  const over = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dragging");
  };
  const out = (/** @type {DragEvent} */ event) => {
    if (!event.relatedTarget) document.body.classList.remove("dragging");
  };
  const drop = (/** @type {DragEvent} */ event) => {
    document.body.classList.remove("dragging");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    desk.openFiles(event.dataTransfer.files);
  };
  const paste = (/** @type {ClipboardEvent} */ event) => {
    if (event.clipboardData?.files.length) desk.openFiles(event.clipboardData.files);
  };
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", out);
  document.addEventListener("drop", drop);
  document.addEventListener("paste", paste);
  return () => {
    document.removeEventListener("dragover", over);
    document.removeEventListener("dragleave", out);
    document.removeEventListener("drop", drop);
    document.removeEventListener("paste", paste);
  };
}
