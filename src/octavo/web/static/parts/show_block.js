// A block that was chosen elsewhere comes into sight.

/** @param {HTMLElement | null} pane @param {number | null} block its number on the page */
export function showBlock(pane, block) {
  if (block === null) return;
  pane?.querySelector(`[data-block="${block}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
