// At the foot: the version, the documentation of the API, and the libraries that the workbench is made with.
import { html, useEffect, useState } from "../parts/html.js";
import { t } from "../words/index.js";
import { ask } from "../wire/requests.js";

/** @typedef {{name: string, version: string, licence: string}} Library */

/** @param {{version: string}} props */
export function About({ version }) {
  const [libraries, listed] = useState(/** @type {Library[]} */ ([]));
  const [documented, found] = useState(false);
  useEffect(() => {
    ask("docs").then(() => found(true), () => {});
    ask("static/vendor/SOURCES.toml").then(async (answer) => listed(librariesIn(await answer.text())), () => {});
  }, []);
  return html`
    <footer class="about">
      <p>Octavo ${version}</p>
      ${documented && html`<p><a href="docs" target="_blank" rel="noopener">${t("service.docs")}</a></p>`}
      <details>
        <summary>${t("service.licences")}</summary>
        <ul>${libraries.map((each) => html`<li key=${each.name}><strong>${each.name}</strong> ${each.version} <span class="soft">${each.licence}</span></li>`)}</ul>
        <p><a href="static/vendor/LICENCES.txt" target="_blank" rel="noopener">${t("service.licences.texts")}</a></p>
      </details>
    </footer>
  `;
}

/**
 * The packages of a list as `scripts/vendor.py` writes it; one may have brought several files.
 * @param {string} list
 * @returns {Library[]}
 */
export function librariesIn(list) {
  const parts = list.split("[[library]]").slice(1);
  const packages = new Map(
    parts.map((part) => {
      const told = Object.fromEntries([...part.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, name, value]) => [name, value]));
      return [told.package, { name: told.package, version: told.version, licence: told.licence }];
    }),
  );
  return [...packages.values()];
}
