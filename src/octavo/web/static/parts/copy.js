// Text for the clipboard. Browsers offer theirs on secure pages alone, and the workbench is often on plain http.
import { t } from "../words/index.js";
import { toast } from "./toasts.js";

/** Copy `text`, and say that it is done, or that it cannot be. @param {string} text @param {string} [done] */
export async function copy(text, done = t("copied")) {
  const copied = await toClipboard(text);
  toast(copied ? done : t("copied.not"));
}

/** @param {string} text */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return selected(text);
  }
}

/** The old way: select the text in a field, and copy what is selected. @param {string} text */
function selected(text) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "hidden-text";
  field.readOnly = true;
  field.value = text;
  // Beside an open dialog nothing can be selected.
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
