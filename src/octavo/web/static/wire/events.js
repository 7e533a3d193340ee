// Server-sent events of an answer that is read while it comes (https://html.spec.whatwg.org/#event-stream-interpretation).

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

/**
 * Lines, however many pieces each comes in: the last event may have a hundred million characters.
 * @param {Response} response
 */
async function* linesOf(response) {
  const decoder = new TextDecoder();
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  /** @type {string[]} */
  let begun = [];
  let done = false;
  try {
    for (;;) {
      const piece = await reader.read();
      done = piece.done;
      if (piece.done) return;
      const lines = decoder.decode(piece.value, { stream: true }).split("\n");
      for (const line of lines.slice(0, -1)) {
        yield begun.join("") + line;
        begun = [];
      }
      begun.push(lines[lines.length - 1]);
    }
  } finally {
    if (!done) reader.cancel().catch(() => {});
  }
}
