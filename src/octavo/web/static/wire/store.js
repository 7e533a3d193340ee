// Bringing a document to the server, where it becomes a file.
import { addressOf, askJson, upload } from "./requests.js";

/** @typedef {{file: File} | {url: string} | {id: string}} Source what is read: a file here, an address, an upload */

/**
 * @param {Source} source
 * @param {{hours: number, sent: (share: number) => void, signal: AbortSignal}} how `hours`: that it is kept; `sent`: is
 *   told how much is on its way, 0 to 1
 * @returns {Promise<import("./types.js").StoredFile>}
 */
export async function store(source, { hours, sent, signal }) {
  if ("id" in source) return askJson(`v1/files/${encodeURIComponent(source.id)}`, { signal });
  const form = new FormData();
  form.append("purpose", "ocr");
  form.append("expiry", String(hours));
  if ("url" in source) {
    form.append("url", source.url);
    return askJson("v1/files", { method: "POST", body: form, signal });
  }
  form.append("file", source.file, source.file.name || "document");
  return upload(form, sent, signal);
}

/** Delete an upload, even while the page is being left; one that cannot be deleted expires. @param {string} id */
export function forget(id) {
  fetch(addressOf(`v1/files/${id}`), { method: "DELETE", keepalive: true }).catch(() => {});
}
