// Batches: all jobs, one of them, or a new one.
import { html, useEffect } from "../parts/html.js";
import { loadStyle } from "../parts/load_style.js";
import { useWatched } from "../parts/watch.js";
import { route } from "../shell/route.js";
import { learn } from "../words/index.js";
import { en } from "../words/batches/en.js";
import { fr } from "../words/batches/fr.js";
import { draft } from "./draft.js";
import { followDrops } from "./drops.js";
import { Job } from "./job.js";
import { jobs } from "./jobs.js";
import { List } from "./list.js";
import { Draft } from "./new.js";

learn({ en, fr });
await loadStyle("static/style/batches.css");

export function View() {
  useWatched(route);
  jobs.forget();
  draft.forget();
  useEffect(followDrops, []);
  const { query } = route;
  const id = query.get("job");
  if (id) return html`<${Job} key=${id} id=${id} />`;
  if (query.has("new")) return html`<${Draft} />`;
  const page = Math.max(1, Math.floor(Number(query.get("page"))) || 1);
  return html`<${List} page=${page - 1} />`;
}
