export function zipSync(files: Record<string, Uint8Array>): Uint8Array;
