// Reading: the start, or the document that is open.
import { takeDrops } from "../parts/drops.js";
import { html, useEffect } from "../parts/html.js";
import { Later } from "../parts/later.js";
import { useWatched } from "../parts/watch.js";
import { route } from "../shell/route.js";
import { desk } from "./desk.js";
import { fromLink } from "./options.js";
import { Start } from "./start.js";

export function View() {
  useWatched(desk);
  useEffect(openLink, []);
  useEffect(() => takeDrops((files) => desk.openFiles(files)), []);
  const reading = desk.current;
  return reading ? html`<${Later} load=${loadDocument} show=${(/** @type {any} */ part) => shown(part, reading)} />` : html`<${Start} />`;
}

/** What shows a document needs libraries that the start does without. */
function loadDocument() {
  return import("./document.js");
}

/** @param {{Document: any}} part @param {import("./reading.js").Reading} reading */
function shown({ Document }, reading) {
  return html`<${Document} key=${reading.number} reading=${reading} />`;
}

/** A link names a file that was uploaded and the options. */
function openLink() {
  const query = route.query;
  const file = query.get("file");
  if (!file) return;
  const options = fromLink(query.get("options"));
  const open = desk.find(file, options);
  if (open) desk.show(open);
  else desk.open([{ id: file }], options);
}
