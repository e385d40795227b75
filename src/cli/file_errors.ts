/**
 * What went wrong with a file, in words.
 *
 * @module
 */

/** What the system's codes of failed file accesses mean. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EEXIST: "it exists",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  ENAMETOOLONG: "its name is too long",
  ENOSPC: "the disk is full",
  EROFS: "the disk is read-only",
};

/** Why a file could not be accessed, from an error of Deno or of `node:fs`; undefined for other errors. */
export function fileErrorReason(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
}

/** The file that such an error names; undefined if it names none. */
export function fileErrorPath(error: Error): string | undefined {
  const { path } = error as { path?: unknown };
  return typeof path === "string" ? path : /'([^']+)'/.exec(error.message)?.[1];
}
