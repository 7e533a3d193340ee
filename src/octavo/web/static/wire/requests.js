// Requests to the API, relative to where the workbench was loaded from, and what can go wrong with them.

/** The status of a file that the browser cannot read. */
export const UNREADABLE = -1;

/** The server said no, or could not be reached; `status` is 0 then. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} message what is wrong and what to do, from the server
   * @param {string} type
   * @param {{line: number, message: string}[]} lines what is wrong with lines of an upload
   */
  constructor(status, message, type = "", lines = []) {
    super(message);
    this.status = status;
    this.type = type;
    this.lines = lines;
  }
}

/** @param {string} path such as `v1/ocr` */
export function addressOf(path) {
  return new URL(path, document.baseURI).href;
}

/**
 * @param {string} path
 * @param {{method?: string, body?: unknown, headers?: Record<string, string>, signal?: AbortSignal}} [options] a body
 *   that is no form and no text is sent as JSON
 * @returns {Promise<Response>}
 */
export async function ask(path, { method = "GET", body, headers = {}, signal } = {}) {
  const plain = body === undefined || body instanceof FormData || typeof body === "string";
  /** @type {RequestInit} */
  const request = { method, signal, headers: { ...headers }, credentials: "same-origin" };
  if (!plain) request.headers = { ...headers, "Content-Type": "application/json" };
  request.body = plain ? /** @type {BodyInit | undefined} */ (body) : JSON.stringify(body);
  const response = await fetch(addressOf(path), request).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, "");
  });
  if (!response.ok) throw await refusalOf(response);
  return response;
}

/**
 * @param {string} path
 * @param {Parameters<typeof ask>[1]} [options]
 */
export async function askJson(path, options) {
  return (await ask(path, options)).json();
}

/** @param {Response} response */
async function refusalOf(response) {
  const said = (await response.json().catch(() => null)) ?? {};
  const message = typeof said.message === "string" ? said.message : "";
  if (response.status === 401) document.dispatchEvent(new Event("signed-out"));
  return new Refusal(response.status, message, said.type, Array.isArray(said.errors) ? said.errors : []);
}

/**
 * Upload a file, telling how much of it is sent: `fetch` cannot.
 * @param {FormData} form
 * @param {(share: number) => void} sent 0 to 1
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").StoredFile>}
 */
export async function upload(form, sent, signal) {
  signal.throwIfAborted();
  const request = new XMLHttpRequest();
  const stop = () => request.abort();
  signal.addEventListener("abort", stop);
  try {
    return await sending(request, form, sent);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * @param {XMLHttpRequest} request
 * @param {FormData} form
 * @param {(share: number) => void} sent
 * @returns {Promise<import("./types.js").StoredFile>}
 */
function sending(request, form, sent) {
  return new Promise((resolve, reject) => {
    request.open("POST", addressOf("v1/files"));
    request.upload.onprogress = (event) => event.lengthComputable && sent(event.loaded / event.total);
    request.onerror = () => whyNotSent(form).then(reject);
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onload = () => {
      const response = new Response(request.responseText, { status: request.status });
      (response.ok ? storedOf(response).then(resolve) : refusalOf(response).then(reject)).catch(reject);
    };
    request.send(form);
  });
}

/** A page of a proxy is no answer. @param {Response} response @returns {Promise<import("./types.js").StoredFile>} */
function storedOf(response) {
  return response.json().catch(() => Promise.reject(new Refusal(response.status, "broken")));
}

/** A browser does not tell a server that is gone from a file that is. @param {FormData} form @returns {Promise<Refusal>} */
async function whyNotSent(form) {
  const files = [...form.values()].filter((value) => value instanceof File);
  try {
    // Of a folder, and of a file that went early, browsers know no size.
    for (const file of files) await (file.size ? file.slice(0, 1) : file).arrayBuffer();
    return new Refusal(0, "");
  } catch {
    return new Refusal(UNREADABLE, "");
  }
}
