// Reading: the start, or the document that is open.
import { takeDrops } from "../parts/drops.js";
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
  useEffect(() => takeDrops((files) => desk.openFiles(files)), []);
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
