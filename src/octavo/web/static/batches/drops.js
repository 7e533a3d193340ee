// Documents and folders that are dropped in this view go into a new batch.
import { takeDrops } from "../parts/drops.js";
import { toast } from "../parts/toasts.js";
import { route } from "../shell/route.js";
import { t } from "../words/index.js";
import { dropped } from "./gather.js";
import { take } from "./new.js";

/** @returns {() => void} ends it */
export function followDrops() {
  return takeDrops(async (_, transfer) => {
    const gathered = await dropped(transfer).catch(() => null);
    if (!gathered) return toast(t("problem.unreadable"));
    take(gathered);
    if (gathered.files.length && !route.query.has("new")) route.go("batches?new=1");
  });
}
