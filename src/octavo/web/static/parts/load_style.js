// The style of a view that is not the first one: loaded with its script.

/**
 * Wait until a style sheet is in force, so that nothing is shown without it.
 * @param {string} address relative to the workbench
 * @returns {Promise<void>}
 */
export function loadStyle(address) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  return new Promise((resolve) => {
    // Without its style a view is plain, and still better than none.
    link.onload = link.onerror = () => resolve();
    document.head.append(link);
  });
}
