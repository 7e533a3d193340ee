// Figures in rendered text: as the answer brought them, or cut out of the page's image until it does.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1200;
/** Figures of one page that are cut out of its image: each holds the whole of it. */
const MOST_CUT = 20;

/** @typedef {import("../wire/types.js").Figure} Figure */

/**
 * Put the figures in; their names where that cannot be.
 * @param {DocumentFragment} elements
 * @param {import("../wire/types.js").Page} page
 * @param {import("./reading.js").Reading | null} reading that has the page's image; null where nothing may be loaded
 */
export function drawFigures(elements, page, reading) {
  for (const place of elements.querySelectorAll("img")) {
    const number = page.images.findIndex((each) => each.id === place.dataset.figure);
    const figure = page.images[number];
    if (figure?.image_base64?.startsWith("data:image/")) place.src = figure.image_base64;
    else if (figure && page.dimensions && reading && hasImage(reading) && number < MOST_CUT)
      place.replaceWith(cutOut(figure, page.dimensions, reading.imageOf(page.index, WIDTH)));
    else place.replaceWith(nameOf(place));
  }
}

/** Whether a browser can load the images of pages by itself; a password has to be sent along. @param {import("./reading.js").Reading} reading */
function hasImage(reading) {
  return reading.file !== null && !reading.options.password;
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
