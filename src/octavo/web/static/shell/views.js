// The views, by the last part of their address.

/** @type {Record<string, {address: string, load: () => Promise<{View: any}>}>} */
export const VIEWS = {
  read: { address: "./", load: () => import("../read/view.js") },
  compare: { address: "compare", load: () => import("../compare/view.js") },
  batches: { address: "batches", load: () => import("../batches/view.js") },
  service: { address: "service", load: () => import("../service/view.js") },
};
