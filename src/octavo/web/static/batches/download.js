// Files of the server, saved by the browser.
import { addressOf, askJson, Refusal } from "../wire/requests.js";
import { t } from "../words/index.js";

/** Save a file: the browser takes it straight to the disk, however large it is. @param {string | null} id */
export async function download(id) {
  // A link that leads nowhere would leave the workbench: asked before, it is told here.
  const file = await askJson(`v1/files/${id}`).catch(gone);
  const link = document.createElement("a");
  link.href = addressOf(`v1/files/${id}/content`);
  link.download = file.filename;
  link.click();
}

/** Raises it, in words that fit. @param {Refusal} error @returns {never} */
export function gone(error) {
  throw error.status === 404 ? new Refusal(404, t("job.file.gone")) : error;
}
