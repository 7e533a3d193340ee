// Search in all pages that are read; what is found is shown without touching the text (CSS highlights).
import { Watched } from "../parts/watch.js";

/** @typedef {import("../wire/types.js").Page} Page */
/** @typedef {{index: number, nth: number}} Hit a page, and which of its hits */

/** Without accents and capitals; as many units as before, so that places stay. @param {string} text */
export function plain(text) {
  return [...text].map((sign) => plainSign(sign)).join("");
}

/** @param {string} sign */
function plainSign(sign) {
  const bare = sign.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.length === sign.length ? bare : sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign;
}

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
  }

  /** @param {string} wanted @param {Page[]} pages in their order */
  look(wanted, pages) {
    this.wanted = plain(wanted.trim());
    this.hits = this.wanted ? pages.flatMap((page) => hitsOf(page, this.wanted)) : [];
    this.at = this.hits.length ? 0 : -1;
    this.show();
    this.changed();
  }

  /** The next hit, or the one before. @param {number} by */
  step(by) {
    if (this.hits.length) this.at = (this.at + by + this.hits.length) % this.hits.length;
    this.show();
    this.changed();
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

  show() {
    if (!("highlights" in CSS)) return;
    const ranges = this.pane && this.wanted ? rangesIn(this.pane, this.wanted) : [];
    CSS.highlights.set("found", new Highlight(...ranges));
    const now = this.hit?.index === this.index ? ranges[this.hit.nth] : undefined;
    CSS.highlights.set("found-now", now ? new Highlight(now) : new Highlight());
    now?.startContainer.parentElement?.scrollIntoView({ block: "nearest" });
  }
}

/** @param {Page} page @param {string} wanted @returns {Hit[]} */
function hitsOf(page, wanted) {
  const text = plain((page.blocks ?? []).map((block) => block.content).join("\n") || page.markdown);
  return Array.from({ length: text.split(wanted).length - 1 }, (_, nth) => ({ index: page.index, nth }));
}

/** @param {HTMLElement} pane @param {string} wanted */
function rangesIn(pane, wanted) {
  const walker = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
  const ranges = [];
  while (walker.nextNode()) {
    const text = plain(walker.currentNode.nodeValue ?? "");
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      range.setStart(walker.currentNode, at);
      range.setEnd(walker.currentNode, at + wanted.length);
      ranges.push(range);
    }
  }
  return ranges;
}
