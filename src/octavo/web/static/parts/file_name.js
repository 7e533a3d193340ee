// Names of files that every system takes, and that lead nowhere else.

/** One part of a path; letters of any language stay. @param {string} name */
export function plainName(name) {
  return name.replace(/[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]/gu, "_").replace(/^\.+/, "_");
}

/** A path. @param {string} name with slashes between its parts */
export function plainPath(name) {
  const parts = name.split("/").map(plainName);
  return parts.filter(Boolean).join("/") || "document";
}
