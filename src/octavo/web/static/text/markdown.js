// Markdown of a document to elements of the page. Whatever a document says is hostile until it has come through here.
import MarkdownIt from "../vendor/markdown-it.js";
import DOMPurify from "../vendor/purify.js";

const FORMULA = /\$\$((?:\\[^]|[^$\\])+)\$\$|\$(?![\s$])((?:\\[^]|[^$\\])+?)(?<!\s)\$(?!\d)/y;
const DISPLAY = /\$\$((?:\\[^]|[^$\\])+)\$\$[ \t]*(?:\n|$)/y;
const OUTSIDE = /^(https?:|mailto:)/i;
/** The longest formula that is drawn, in characters, and the greatest size in it, in em and pt. */
const LONGEST = 10_000;
const GREATEST = [20, 200];
const MOST_LINES = 200;

const ALLOWED = {
  ALLOWED_TAGS: (
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s del u sub sup br hr a img span " +
    "table caption thead tbody tfoot tr th td"
  ).split(" "),
  // No `src`: pictures are put in afterwards, and only those of the answer. No `style`, `class`, `id`, `name`.
  ALLOWED_ATTR: ["href", "title", "alt", "colspan", "rowspan", "start", "data-figure", "data-tex", "data-display"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

const parser = new MarkdownIt("default", { html: true, linkify: false, typographer: false });
parser.inline.ruler.before("escape", "formula", formula);
parser.block.ruler.before("fence", "display", display, { alt: ["paragraph", "reference", "blockquote", "list"] });
parser.renderer.rules.display = (/** @type {any[]} */ tokens, /** @type {number} */ at) => {
  const tex = parser.utils.escapeHtml(tokens[at].content);
  return `<p><span data-tex="${tex}" data-display="yes">${tex}</span></p>\n`;
};
parser.renderer.rules.formula = (/** @type {any[]} */ tokens, /** @type {number} */ at) => {
  const tex = parser.utils.escapeHtml(tokens[at].content);
  return `<span data-tex="${tex}"${tokens[at].block ? ' data-display="yes"' : ""}>${tex}</span>`;
};
parser.renderer.rules.image = (/** @type {any[]} */ tokens, /** @type {number} */ at) => {
  const id = parser.utils.escapeHtml(tokens[at].attrGet("src") ?? "");
  return `<img data-figure="${id}" alt="${parser.utils.escapeHtml(tokens[at].content)}">`;
};

/**
 * `$...$` and `$$...$$`, as Octavo writes them; other dollar signs are escaped.
 * @param {any} state
 * @param {boolean} silent
 */
function formula(state, silent) {
  if (state.src.charCodeAt(state.pos) !== 0x24) return false;
  FORMULA.lastIndex = state.pos;
  const found = FORMULA.exec(state.src);
  if (!found) return false;
  if (!silent) {
    const token = state.push("formula", "span", 0);
    token.content = (found[1] ?? found[2]).trim();
    token.block = found[1] !== undefined;
  }
  state.pos = FORMULA.lastIndex;
  return true;
}

/**
 * `$$...$$` in lines of its own: nothing in it is Markdown.
 * @param {any} state
 * @param {number} line
 * @param {number} end
 * @param {boolean} silent
 */
function display(state, line, end, silent) {
  const start = state.bMarks[line] + state.tShift[line];
  if (state.sCount[line] - state.blkIndent >= 4 || !state.src.startsWith("$$", start)) return false;
  const text = state.getLines(line, Math.min(end, line + MOST_LINES), state.blkIndent, false).trimStart();
  DISPLAY.lastIndex = 0;
  const found = DISPLAY.exec(text);
  if (!found) return false;
  if (silent) return true;
  const lines = found[0].trimEnd().split("\n").length;
  const token = state.push("display", "p", 0);
  token.content = found[1].trim();
  token.block = true;
  token.map = [line, line + lines];
  state.line = line + lines;
  return true;
}

/**
 * Harmless elements for `markdown`; what is drawn later (formulas, figures) stands in them as places.
 * @param {string} markdown
 * @returns {DocumentFragment}
 */
export function elementsOf(markdown) {
  const fragment = DOMPurify.sanitize(parser.render(markdown), ALLOWED);
  for (const link of fragment.querySelectorAll("a")) mendLink(link);
  return fragment;
}

/** @param {HTMLAnchorElement} link */
function mendLink(link) {
  const address = link.getAttribute("href") ?? "";
  if (!OUTSIDE.test(address)) {
    link.replaceWith(...link.childNodes);
    return;
  }
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  link.title = address;
}

/**
 * Draw the formulas among `elements` as MathML. One that cannot be drawn stays as it is written.
 * @param {ParentNode} elements
 */
export async function drawFormulas(elements) {
  const places = [...elements.querySelectorAll("[data-tex]")];
  if (!places.length) return;
  const { default: temml } = await import("../vendor/temml.js");
  for (const place of places) {
    const display = place.hasAttribute("data-display");
    const tex = place.getAttribute("data-tex") ?? "";
    const drawn = document.createElement("span");
    try {
      if (tex.length > LONGEST) throw new Error("too long to draw");
      temml.render(tex, drawn, { displayMode: display, throwOnError: true, trust: false, maxSize: GREATEST });
      leadNowhere(drawn);
      place.replaceChildren(...drawn.childNodes);
      place.classList.add(display ? "formula-block" : "formula");
    } catch {
      place.classList.add("formula-source");
    }
    place.removeAttribute("data-tex");
  }
}

/** References within formulas would be links, and what they lead to could take a name of the page's. @param {Element} drawn */
function leadNowhere(drawn) {
  for (const link of drawn.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  for (const named of drawn.querySelectorAll("[id], [href]")) {
    named.removeAttribute("id");
    named.removeAttribute("href");
  }
}
