// A part of the view under a heading of its own, and rows of facts within.
import { html } from "../parts/html.js";

/** @param {{name: string, title: string, aside?: any, children?: any}} props */
export function Card({ name, title, aside, children }) {
  return html`
    <section class=${`card ${name}`} aria-labelledby=${`service-${name}`}>
      <header><h2 id=${`service-${name}`} tabindex="-1">${title}</h2>${aside}</header>
      ${children}
    </section>
  `;
}

/** @param {{rows: [name: string, value: any, help?: string][]}} props */
export function Facts({ rows }) {
  return html`
    <dl class="facts">
      ${rows.map(([name, value, help]) => html`<div key=${name}><dt>${name}${help && html`<small>${help}</small>`}</dt><dd>${value}</dd></div>`)}
    </dl>
  `;
}
