// Server-sent events of an answer that is read while it comes (https://html.spec.whatwg.org/#event-stream-interpretation).
import { linesOf } from "./lines.js";

/**
 * Events of `response`, one after the other: their names and their data as JSON.
 * @param {Response} response
 * @returns {AsyncGenerator<{name: string, data: any}>}
 */
export async function* eventsOf(response) {
  let name = "message";
  /** @type {string[]} */
  let data = [];
  for await (const line of linesOf(response)) {
    if (line === "") {
      if (data.length) yield { name, data: JSON.parse(data.join("\n")) };
      name = "message";
      data = [];
    } else if (line.startsWith("event: ")) name = line.slice(7);
    else if (line.startsWith("data: ")) data.push(line.slice(6));
  }
}
