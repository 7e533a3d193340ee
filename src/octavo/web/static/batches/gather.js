// The files that somebody dropped or picked, those in folders included.

/** @typedef {{file: File, name: string}} Named `name`: with the folders that it lies in */
/** @typedef {{files: Named[], leftOut: number}} Gathered `leftOut`: files in folders that are no documents */

/** What is taken out of a folder. A file that is named outright is tried whatever its ending. */
const ENDINGS = /\.(pdf|png|jpe?g|webp|gif|bmp|tiff?|avif|jp2|j2k|jpf|jpx|heic|heif)$/i;

/** Requests instead of documents. @param {string} name */
export function isRequests(name) {
  return /\.(jsonl|ndjson)$/i.test(name);
}

/** @param {Iterable<File>} files of an `<input>`, or pasted @returns {Gathered} */
export function picked(files) {
  return sorted([...files].map((file) => ({ file, name: file.webkitRelativePath || file.name || "document" })));
}

/**
 * What is in a drop. It must be called while the event is told: later the browser knows nothing of it.
 * @param {DataTransfer} transfer
 * @returns {Promise<Gathered>}
 */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => !!entry);
  if (!entries.length) return picked(transfer.files);
  const found = await Promise.all(entries.map((entry) => filesIn(/** @type {FileSystemEntry} */ (entry))));
  return sorted(found.flat());
}

/** @param {Named[]} named @returns {Gathered} */
function sorted(named) {
  const files = named.filter(({ name }) => !name.includes("/") || ENDINGS.test(name));
  files.sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
  return { files, leftOut: named.length - files.length };
}

/** @param {FileSystemEntry} entry @returns {Promise<Named[]>} */
async function filesIn(entry) {
  if (entry.isFile) return [await fileOf(/** @type {FileSystemFileEntry} */ (entry))];
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {Named[]} */
  const found = [];
  for (;;) {
    // A folder is told a hundred entries at a time.
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length) return found;
    for (const each of part) found.push(...(await filesIn(each)));
  }
}

/** @param {FileSystemFileEntry} entry @returns {Promise<Named>} */
async function fileOf(entry) {
  const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
  return { file, name: entry.fullPath.replace(/^\/+/, "") };
}
