// Figures in rendered text: as the answer brought them, or cut out of the page's image until it does.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1200;

/** @typedef {import("../wire/types.js").Figure} Figure */

/**
 * @param {DocumentFragment} elements
 * @param {import("../wire/types.js").Page} page
 * @param {import("./reading.js").Reading} reading
 */
export function drawFigures(elements, page, reading) {
  for (const place of elements.querySelectorAll("img")) {
    const figure = page.images.find((each) => each.id === place.dataset.figure);
    if (!figure) place.replaceWith(nameOf(place));
    else if (figure.image_base64?.startsWith("data:image/")) place.src = figure.image_base64;
    else if (page.dimensions && reading.file) place.replaceWith(cutOut(figure, page.dimensions, reading.imageOf(page.index, WIDTH)));
    else place.replaceWith(nameOf(place));
  }
}

/** What stands for a figure that cannot be shown. @param {HTMLImageElement} place */
function nameOf(place) {
  const name = document.createElement("span");
  name.className = "figure-alt";
  name.textContent = place.alt;
  return name;
}

/**
 * @param {Figure} figure
 * @param {{width: number, height: number}} size of the page
 * @param {string} image of the page
 */
function cutOut(figure, size, image) {
  const svg = document.createElementNS(SVG, "svg");
  const [width, height] = [figure.bottom_right_x - figure.top_left_x, figure.bottom_right_y - figure.top_left_y];
  svg.setAttribute("viewBox", `${figure.top_left_x} ${figure.top_left_y} ${width} ${height}`);
  svg.setAttribute("class", "figure");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", figure.id);
  const whole = document.createElementNS(SVG, "image");
  whole.setAttribute("href", image);
  whole.setAttribute("width", String(size.width));
  whole.setAttribute("height", String(size.height));
  whole.setAttribute("preserveAspectRatio", "none");
  svg.append(whole);
  return svg;
}
