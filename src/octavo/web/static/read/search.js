// Search in all pages that are read; what is found is shown without touching the text (CSS highlights).
import { Watched } from "../parts/watch.js";
import { elementsOf } from "../text/markdown.js";
import { contentOf } from "../text/places.js";
import { finder, plain, rangesOf, wordsOf } from "../text/words.js";

/** @typedef {import("../wire/types.js").Page} Page */
/** @typedef {{index: number, block: number, nth: number}} Hit a page, a block of it, and which of the hits in that */

/** Whether rendering may change the words of Markdown, or part them. */
const MARKED = /[&<\\`*_~$[\]|]|^[ \t]*(?:[#>+=-]|\d+[.)]|$)|^(?: {4}|\t)/m;

/** The words of pages, block by block, once somebody looked for some. @type {WeakMap<Page, string[]>} */
const known = new WeakMap();

export class Search extends Watched {
  constructor() {
    super();
    this.wanted = "";
    /** @type {Hit[]} */
    this.hits = [];
    this.at = -1;
    /** @type {HTMLElement | null} */
    this.pane = null;
    this.index = 0;
    /** Whether the hit is still to be brought into sight. */
    this.unseen = false;
  }

  /** @param {string} wanted @param {Page[]} pages in their order */
  look(wanted, pages) {
    this.wanted = plain(wanted.trim());
    this.hits = hitsOf(pages, this.wanted);
    this.at = this.hits.length ? 0 : -1;
    this.bring();
  }

  /** Pages came or changed: the hits are others, the one that is looked at stays. @param {Page[]} pages */
  again(pages) {
    if (!this.wanted) return;
    const { hit } = this;
    this.hits = hitsOf(pages, this.wanted);
    this.at = hit ? Math.max(this.hits.findIndex((each) => isSame(each, hit)), Math.min(0, this.hits.length - 1)) : -1;
    this.show();
    this.changed();
  }

  /** The next hit, or the one before. @param {number} by */
  step(by) {
    const from = this.at < 0 && by < 0 ? 0 : this.at;
    if (this.hits.length) this.at = (from + by + this.hits.length) % this.hits.length;
    this.bring();
  }

  get hit() {
    return this.hits[this.at];
  }

  /** The text of a page was drawn. @param {HTMLElement | null} pane @param {number} index */
  lookAt(pane, index) {
    this.pane = pane;
    this.index = index;
    this.show();
  }

  /** Show the hit, and go there. */
  bring() {
    this.unseen = true;
    this.show();
    this.changed();
  }

  show() {
    if (!("highlights" in CSS)) return;
    const blocks = this.pane && this.wanted ? [...this.pane.querySelectorAll("[data-block]")] : [];
    const found = finder(this.wanted);
    const ranges = new Map(blocks.map((block) => [Number(block.getAttribute("data-block")), rangesOf(block, found)]));
    CSS.highlights.set("found", new Highlight(...[...ranges.values()].flat()));
    const now = this.hit?.index === this.index ? ranges.get(this.hit.block)?.[this.hit.nth] : undefined;
    CSS.highlights.set("found-now", now ? new Highlight(now) : new Highlight());
    if (now && this.unseen) now.startContainer.parentElement?.scrollIntoView({ block: "nearest" });
    if (now) this.unseen = false;
  }
}

/** @param {Hit} one @param {Hit} other */
function isSame(one, other) {
  return one.index === other.index && one.block === other.block && one.nth === other.nth;
}

/** @param {Page[]} pages @param {string} wanted plain @returns {Hit[]} */
function hitsOf(pages, wanted) {
  if (!wanted) return [];
  const found = finder(wanted);
  return pages.flatMap((page) =>
    blocksOf(page).flatMap((text, block) => Array.from(text.matchAll(found), (_, nth) => ({ index: page.index, block, nth }))),
  );
}

/** What is written in the blocks of a page, as they are shown. @param {Page} page */
function blocksOf(page) {
  const told = known.get(page) ?? (page.blocks ?? []).map((block) => wordsIn(contentOf(block, page).trim()));
  known.set(page, told);
  return told;
}

/** Most blocks need not be rendered to know their words. @param {string} markdown */
function wordsIn(markdown) {
  return MARKED.test(markdown) ? wordsOf(elementsOf(markdown)) : plain(markdown);
}
