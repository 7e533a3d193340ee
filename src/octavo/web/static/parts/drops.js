// Documents can be dropped anywhere on the page, and pasted.

/**
 * @param {(files: File[], transfer: DataTransfer) => void} take `transfer` knows of folders, until `take` returns
 * @returns {() => void} ends it
 */
export function takeDrops(take) {
  const ended = new AbortController();
  const { signal } = ended;
  const drop = (/** @type {DragEvent} */ event) => {
    document.body.classList.remove("dragging");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    take([...event.dataTransfer.files], event.dataTransfer);
  };
  const paste = (/** @type {ClipboardEvent} */ event) => {
    if (event.clipboardData?.files.length) take([...event.clipboardData.files], event.clipboardData);
  };
  document.addEventListener("dragover", over, { signal });
  document.addEventListener("dragleave", out, { signal });
  document.addEventListener("drop", drop, { signal });
  document.addEventListener("paste", paste, { signal });
  return () => ended.abort();
}

/** @param {DragEvent} event */
function over(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.add("dragging");
}

/** @param {DragEvent} event */
function out(event) {
  if (!event.relatedTarget) document.body.classList.remove("dragging");
}
