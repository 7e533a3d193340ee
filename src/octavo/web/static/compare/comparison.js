// Two readings of one page side by side, what differs marked.
import { html, useEffect, useMemo, useState } from "../parts/html.js";
import { onKeys } from "../parts/keys.js";
import { Password } from "../parts/password.js";
import { Problem } from "../parts/problem.js";
import { Tabs } from "../parts/tabs.js";
import { useWatched } from "../parts/watch.js";
import { route } from "../shell/route.js";
import { t } from "../words/index.js";
import { bench } from "./bench.js";
import { Column } from "./column.js";
import { useDifferences, useTold } from "./difference_hooks.js";
import { marking } from "./marking.js";
import { PagePane } from "./page_pane.js";
import { queryOf, SIDES } from "./sides.js";
import { useTogether } from "./together.js";
import { Toolbar } from "./toolbar.js";
import { useWalk } from "./walk.js";

/** @typedef {import("./sides.js").Side} Side */
/** @typedef {{side: Side, number: number}} Chosen a block, and whose */

/** Pixels of the window from which on the page stands beside the texts unasked. */
const WIDE = 1180;

export function Comparison() {
  useWatched(bench);
  const sides = { left: useSide("left"), right: useSide("right") };
  const found = useDifferences(sides.left.told?.text, sides.right.told?.text);
  const marks = useMemo(() => found && marksOf(sides, found.differences), [found, sides.left.told, sides.right.told]);
  const [pane, show] = useState("left");
  const [form, setForm] = useState("text");
  const [withPage, setPage] = useState(innerWidth >= WIDE);
  const [chosen, choose] = useState(/** @type {Chosen | null} */ (null));
  const walk = useWalk(found, form);
  useTogether([found, form, pane]);
  useEffect(() => tellAddress());
  useEffect(() => choose(null), [sides.left.page, sides.right.page]);
  useEffect(() => onPageKeys(walk, () => choose(null)), [bench.index, walk]);
  if (isLocked(sides.left.reading) || isLocked(sides.right.reading)) return html`<${Locked} />`;
  return html`
    <article class="compare" data-pane=${pane} data-page=${withPage ? "shown" : "hidden"}>
      <${Toolbar} sides=${sides} found=${found} walk=${walk} form=${form} show=${setForm} withPage=${withPage} setPage=${setPage} />
      <div class="pane-tabs"><${Tabs} label=${t("panes")} names=${[["page", t("pane.page")], ["left", t("compare.left")], ["right", t("compare.right")]]} chosen=${pane} choose=${show} /></div>
      <${PagePane} sides=${sides} marks=${marks} chosen=${chosen} choose=${choose} />
      ${SIDES.map((side) => html`<${Column} key=${side} side=${side} ...${sides[side]} found=${found} marks=${marks?.[side]} form=${form} chosen=${chosen} choose=${choose} />`)}
    </article>
  `;
}

/** @typedef {ReturnType<typeof useSide>} SideNow */

/** One side as it is now. @param {Side} side */
function useSide(side) {
  const reading = bench.readings[side];
  useWatched(reading);
  const page = reading?.pages.get(bench.index);
  const told = useTold(reading?.state === "done" && page && !page.octavo.error_code ? page : undefined);
  return { reading, page, told };
}

/** @param {Record<Side, SideNow>} sides @param {import("./difference.js").Difference[]} differences */
function marksOf({ left, right }, differences) {
  if (!left.told || !right.told) return null;
  return {
    left: marking(left.told, differences, "left", right.told.text),
    right: marking(right.told, differences, "right", left.told.text),
  };
}

/** @typedef {ReturnType<typeof marksOf>} Marks */

/** The address of the page becomes the link to the comparison, where there can be one. */
function tellAddress() {
  if (route.view === "compare") route.tell(bench.linked ? queryOf(bench) : {});
}

/** @param {import("./walk.js").Walk} walk @param {() => void} leave */
function onPageKeys(walk, leave) {
  const [before, after] = [() => bench.turn(bench.index - 1), () => bench.turn(bench.index + 1)];
  const pages = { ArrowLeft: before, PageUp: before, ArrowRight: after, PageDown: after };
  return onKeys({ ...pages, n: () => walk.step(1), p: () => walk.step(-1), Escape: leave });
}

/** @param {import("../read/reading.js").Reading | null} reading */
function isLocked(reading) {
  return /** @type {any} */ (reading?.error)?.code === "encrypted_document";
}

/** The document is protected. */
function Locked() {
  const error = SIDES.map((side) => bench.readings[side]?.error).find((each) => each);
  return html`
    <div class="start">
      <h1>${bench.file?.filename}</h1>
      ${error && html`<${Problem} error=${error} />`}
      <${Password} open=${(/** @type {string} */ password) => bench.unlock(password)} />
    </div>
  `;
}
