// Small drawings for buttons, 24 x 24, in the colour of the text around them.
import { html } from "./html.js";

const PATHS = {
  again: "M19 12a7 7 0 11-2.1-5M17 3v4h-4",
  back: "M15 5l-7 7 7 7",
  bell: "M12 3l9 16H3zM12 10v4M12 16.5v.5",
  check: "M4 12.5l5 5L20 6.5",
  clock: "M12 3.5a8.5 8.5 0 110 17 8.5 8.5 0 010-17zM12 7.5V12l3 2",
  close: "M6 6l12 12M18 6L6 18",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14",
  compare: "M4 4h6v16H4zM14 4h6v16h-6zM6 8h2M6 11h2M16 8h2M16 14h2",
  copy: "M8 8h11v12H8zM16 8V4H5v12h3",
  down: "M12 4v11M7 11l5 5 5-5M4 20h16",
  down_step: "M6 9.5l6 6 6-6",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  folder: "M3 6h6l2 2.5h10V19H3z",
  forward: "M9 5l7 7-7 7",
  less: "M5 12h14",
  link: "M10 14a4 4 0 005.7 0l3-3A4 4 0 0013 5.3l-1 1M14 10a4 4 0 00-5.7 0l-3 3a4 4 0 005.7 5.7l1-1",
  more: "M5 12h14M12 5v14",
  options: "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4",
  play: "M8 5.5l10.5 6.5L8 18.5z",
  search: "M10.5 4a6.5 6.5 0 110 13 6.5 6.5 0 010-13zM15.5 15.5L21 21",
  stop: "M6 6h12v12H6z",
  sun: "M12 7.5a4.5 4.5 0 110 9 4.5 4.5 0 010-9zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19",
  trash: "M4 7h16M9.5 7V4h5v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  up: "M12 20V8M7 12l5-5 5 5M4 4h16",
  up_step: "M6 14.5l6-6 6 6",
  width: "M3 5v14M21 5v14M7 12h10M9.5 9L7 12l2.5 3M14.5 9l2.5 3-2.5 3",
};

/** @param {{name: keyof typeof PATHS}} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
