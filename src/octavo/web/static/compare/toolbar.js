// Above the comparison: the document and its page, how much differs, and how it is shown.
import { html } from "../parts/html.js";
import { Icon } from "../parts/icons.js";
import { Pager } from "../parts/pager.js";
import { Tabs } from "../parts/tabs.js";
import { copyLink } from "../shell/copy_link.js";
import { route } from "../shell/route.js";
import { t } from "../words/index.js";
import { bench } from "./bench.js";
import { queryOf, SIDES } from "./sides.js";

/** @typedef {import("./difference.js").Found} Found */
/** @typedef {Record<import("./sides.js").Side, import("./comparison.js").SideNow>} SidesNow */

/**
 * @param {{sides: SidesNow, found: Found | null, walk: import("./walk.js").Walk, form: string, show: (form: string) => void,
 *   withPage: boolean, setPage: (shown: boolean) => void}} props
 */
export function Toolbar({ sides, found, walk, form, show, withPage, setPage }) {
  return html`
    <header class="toolbar">
      <h1 title=${bench.file?.filename}>${bench.file?.filename}</h1>
      <${Pager} at=${bench.index} count=${bench.pageCount} go=${(/** @type {number} */ place) => bench.turn(place)} />
      <${State} sides=${sides} found=${found} walk=${walk} />
      <div class="end">
        <${Tabs} label=${t("forms")} names=${[["text", t("form.text")], ["source", t("form.source")]]} chosen=${form} choose=${show} />
        <button class="button quiet with-page" aria-pressed=${String(withPage)} onClick=${() => setPage(!withPage)}><${Icon} name="file" /><span class="wide">${t("pane.page")}</span></button>
        <button class="button quiet" disabled=${!bench.linked} onClick=${() => copyLink(queryOf(bench), bench.file?.expires_at)}><${Icon} name="link" /><span class="wide">${t("link")}</span></button>
        <button class="button quiet" onClick=${leave} title=${t("another")}><${Icon} name="close" /><span class="hidden-text">${t("another")}</span></button>
      </div>
    </header>
    ${found && found.by !== "words" && html`<p class="coarse" role="note">${t(`compare.by.${found.by}`)}</p>`}
  `;
}

/** @param {{sides: SidesNow, found: Found | null, walk: import("./walk.js").Walk}} props */
function State({ sides, found, walk }) {
  const told = saying(sides, found);
  return html`
    <div class=${`state differ-${told.state}`}>
      <span role="status">${told.state === "same" && html`<${Icon} name="check" />`}${told.text}${walk.at >= 0 && found && html`<span class="hidden-text">${inWords(sides, found, walk.at)}</span>`}</span>
      ${walk.count > 0 &&
      html`
        <span class="steps">
          <button class="button quiet small" onClick=${() => walk.step(-1)} aria-label=${t("compare.before")} title=${`${t("compare.before")} (p)`}><${Icon} name="up_step" /></button>
          <span>${t("search.at", { at: walk.at < 0 ? "–" : walk.at + 1, all: walk.count })}</span>
          <button class="button quiet small" onClick=${() => walk.step(1)} aria-label=${t("compare.after")} title=${`${t("compare.after")} (n)`}><${Icon} name="down_step" /></button>
        </span>
      `}
    </div>
  `;
}

/** How it stands between the two. @param {SidesNow} sides @param {Found | null} found */
function saying(sides, found) {
  const states = SIDES.map((side) => sides[side]);
  if (states.some(({ reading }) => reading?.running)) return { state: "reading", text: t("compare.reading") };
  if (states.some(({ told }) => !told)) return { state: "nothing", text: t("compare.nothing") };
  if (!found) return { state: "reading", text: t("compare.looking") };
  if (!found.differences.length) return { state: "same", text: t("compare.same") };
  const count = t("compare.differences", { count: found.differences.length });
  return { state: "differing", text: found.by === "words" ? `${count} · ${t("compare.alike", { percent: percent(found.alike) })}` : count };
}

/** Never 100 where something differs. @param {number} share */
function percent(share) {
  return Math.min(99.9, Math.round(share * 1000) / 10);
}

/** A difference for those who do not see it. @param {SidesNow} sides @param {Found} found @param {number} at */
function inWords(sides, found, at) {
  const difference = found.differences[at];
  const said = (/** @type {"left" | "right"} */ side) => {
    const { start, end } = difference?.[side] ?? { start: 0, end: 0 };
    return sides[side].told?.text.slice(start, Math.min(end, start + 80)).trim() || t("compare.said.nothing");
  };
  return `${t("search.at", { at: at + 1, all: found.differences.length })}. ${t("compare.said", { left: said("left"), right: said("right") })}`;
}

function leave() {
  route.tell({});
  bench.close();
}
