// What the API sends, as far as the workbench looks at it. Types only.

/**
 * @typedef {"text" | "title" | "list" | "equation" | "caption" | "code" | "references" | "aside_text" | "header" |
 *   "footer" | "signature" | "image" | "table"} BlockKind
 *
 * @typedef {Object} Box
 * @property {number} top_left_x
 * @property {number} top_left_y
 * @property {number} bottom_right_x
 * @property {number} bottom_right_y
 *
 * @typedef {Box & {type: BlockKind, content: string, image_id?: string, table_id?: string | null}} Block
 *
 * @typedef {Box & {id: string, image_base64: string | null}} Figure
 *
 * @typedef {{text: string, confidence: number, start_index: number} & Partial<Box>} Word
 *
 * @typedef {Object} Scores
 * @property {number} average_page_confidence_score
 * @property {number} minimum_page_confidence_score
 * @property {Word[]} [word_confidence_scores]
 *
 * @typedef {Object} Page
 * @property {number} index
 * @property {string} markdown
 * @property {Figure[]} images
 * @property {{dpi: number, height: number, width: number} | null} dimensions
 * @property {{id: string, content: string, format: string}[]} tables
 * @property {string[]} hyperlinks
 * @property {string | null} header
 * @property {string | null} footer
 * @property {Scores | null} confidence_scores
 * @property {Block[] | null} blocks
 * @property {string[]} warnings
 * @property {{text_source: string, error_code: string | null, turned?: number}} octavo
 *
 * @typedef {Object} Answer
 * @property {Page[]} pages
 * @property {string} model
 * @property {{pages_processed: number, doc_size_bytes: number | null}} usage_info
 *
 * @typedef {{id: string, filename: string, bytes: number, expires_at: number | null, num_lines?: number | null}} StoredFile
 *
 * @typedef {"QUEUED" | "RUNNING" | "SUCCESS" | "FAILED" | "TIMEOUT_EXCEEDED" | "CANCELLATION_REQUESTED" | "CANCELLED"} JobStatus
 *
 * @typedef {Object} Job
 * @property {string} id
 * @property {string[]} input_files
 * @property {string | null} model
 * @property {Record<string, string> | null} metadata
 * @property {{message: string, count: number}[]} errors
 * @property {JobStatus} status
 * @property {number} created_at
 * @property {number | null} started_at
 * @property {number | null} completed_at
 * @property {number} total_requests
 * @property {number} completed_requests
 * @property {number} succeeded_requests
 * @property {number} failed_requests
 * @property {string | null} output_file
 * @property {string | null} error_file
 * @property {{pages: number}} octavo
 *
 * @typedef {{model: string, indices: number[], page_count: number, doc_size_bytes: number}} Start
 *
 * @typedef {{done: number, pages: number, page: Page}} PageRead
 *
 * @typedef {{keys_needed: boolean, signed_in: boolean, owner: string}} Session
 *
 * @typedef {Object} Status
 * @property {string} version
 * @property {number} started_at in Unix seconds
 * @property {{id: string, aliases: string[], state: "ready" | "starting" | "failed", detail: string}[]} models
 * @property {{capacity: number, warm: number, busy: number, waiting: number, spare: number, restarts: number, recycled: number}} workers
 * @property {{running: number, waiting_requests: number, waiting_batch: number, inside: number, most_inside: number}} queue
 * @property {{read: number, kept: number, failed: number, per_second: number, history: {step_seconds: number, read: number[]}}} pages
 * @property {{data_dir: string, database: string, blobs: "folder" | "bucket", free_bytes: number | null, kept_bytes: number, spool_bytes: number | null}} storage
 * @property {{pages_seconds: number, results_linked: boolean, file_days: {ocr: number, batch: number, results: number, other: number}, job_days: number}} retention
 * @property {{max_file_bytes: number, max_upload_bytes: number, max_pages: number, request_timeout: number | null}} limits
 * @property {{name: string, state: "ok" | "warning" | "error", detail: string}[]} checks
 */

export {};
