// The lines of an answer, while it comes.

/**
 * Lines, however many pieces each comes in: one may have a hundred million characters. What stands after the last line
 * break is no line, unless `last` says so.
 * @param {Response} response
 * @param {{most?: number, last?: boolean}} [options] `most` bytes are looked at; a line that is cut there is left out
 */
export async function* linesOf(response, { most = Infinity, last = false } = {}) {
  const decoder = new TextDecoder();
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  /** @type {string[]} */
  let begun = [];
  let seen = 0;
  let ended = false;
  try {
    while (seen < most) {
      const { done, value } = await reader.read().catch(broken);
      ended = done;
      if (done) {
        if (last && begun.join("")) yield begun.join("");
        return;
      }
      seen += value.length;
      const lines = decoder.decode(value, { stream: true }).split("\n");
      for (const line of lines.slice(0, -1)) {
        yield begun.join("") + line;
        begun = [];
      }
      begun.push(lines[lines.length - 1]);
    }
  } finally {
    if (!ended) reader.cancel().catch(() => {});
  }
}

/** Browsers each have words of their own for a connection that is gone. @param {Error} error @returns {never} */
function broken(error) {
  throw error.name === "AbortError" ? error : new Error("broken");
}
