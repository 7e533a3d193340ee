// Asking again and again, only while somebody looks.

const EVERY = 2000;

/**
 * Look now, when the page comes back into view, and every two seconds as long as `goesOn` says so.
 * @param {() => Promise<unknown>} look raises nothing
 * @param {() => boolean} goesOn
 * @returns {() => void} ends it
 */
export function follow(look, goesOn) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let looking = false;
  let ended = false;
  const step = async () => {
    clearTimeout(timer);
    if (ended || looking || document.hidden) return;
    looking = true;
    await look();
    looking = false;
    if (!ended && goesOn()) timer = setTimeout(step, EVERY);
  };
  document.addEventListener("visibilitychange", step);
  step();
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", step);
  };
}
