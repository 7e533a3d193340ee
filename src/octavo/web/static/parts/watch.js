// Things that change, and the views that follow them.
import { useEffect, useState } from "./html.js";

/** Something that changes: whoever looks at it is told, at most once a frame. */
export class Watched {
  constructor() {
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    this.version = 0;
    this.due = false;
  }

  /** @param {() => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  changed() {
    this.version += 1;
    if (this.due) return;
    this.due = true;
    const tell = () => {
      this.due = false;
      for (const watcher of [...this.watchers]) watcher();
    };
    // A page in the background is given no frames.
    if (document.hidden) setTimeout(tell, 100);
    else requestAnimationFrame(tell);
  }
}

/**
 * Draw the calling view anew whenever `thing` changes.
 * @param {Watched | null} thing
 */
export function useWatched(thing) {
  const [, again] = useState(0);
  const drawn = thing?.version;
  useEffect(() => {
    const draw = () => again((/** @type {number} */ count) => count + 1);
    // What changed between drawing and now was told to nobody.
    if (thing && thing.version !== drawn) draw();
    return thing?.watch(draw);
  }, [thing]);
}
