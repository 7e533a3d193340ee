// A link to somewhere else in the workbench.
import { html } from "../parts/html.js";
import { route } from "./route.js";

/** @param {{to: string, class?: string, children?: any}} props `to`: relative to the workbench */
export function Link({ to, children, ...more }) {
  return html`<a href=${to} onClick=${go} ...${more}>${children}</a>`;
}

/** It loads nothing anew, unless somebody wants another tab. @param {MouseEvent & {currentTarget: HTMLAnchorElement}} event */
export function go(event) {
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  route.go(event.currentTarget.getAttribute("href") ?? "./");
}
