// Light or dark: as the system has it, unless somebody chose.
const KEPT = "octavo-theme";
const ORDER = ["", "light", "dark"];

/** @param {string} theme */
function show(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

function kept() {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

/** Go from the system's choice to light, to dark, and back. */
export function nextTheme() {
  const now = document.documentElement.dataset.theme ?? "";
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  // The first step must be seen: away from what the system shows.
  const order = dark ? ORDER : ["", "dark", "light"];
  const next = order[(order.indexOf(now) + 1) % order.length];
  show(next);
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // Where nothing may be kept, the choice holds until the page is left.
  }
}

show(kept());
