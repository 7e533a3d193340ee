// Looks for differences beside the page, which stays smooth meanwhile: a worker.
import { differencesOf } from "./difference.js";

addEventListener("message", ({ data }) => postMessage({ number: data.number, found: differencesOf(data.left, data.right) }));
