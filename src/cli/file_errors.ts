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
  ELOOP: "its links lead in a circle",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "it would be larger than files may be here",
  EROFS: "the disk is read-only",
  EIO: "the disk or the network drive reports an error (EIO)",
  ESTALE: "the network drive lost it (ESTALE)",
  EMFILE: "too many files are open in this process",
  ENFILE: "too many files are open on this machine",
  EBUSY: "it is in use",
  ETXTBSY: "it is a program that is running",
  ENXIO: "there is no device or reader behind it",
  ENODEV: "there is no device behind it",
  EAGAIN: "the system is short of resources for now",
};

/** How the system names its errors; the codes of ours have underscores, those of Node start with ERR_. */
const SYSTEM_CODE = /^E[A-Z0-9]+$/;

/** The words of an error to which Deno gives no code: "No such device or address (os error 6): open 'x'". */
const NO_CODE = /^([^:]+) \(os error \d+\): \w+ '/;

/** Why a file could not be accessed, from an error of Deno or of `node:fs`; undefined for other errors. */
export function fileErrorReason(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (code === undefined && error instanceof Error) return NO_CODE.exec(error.message)?.[1];
  if (typeof code !== "string" || !SYSTEM_CODE.test(code)) return undefined;
  return Object.hasOwn(REASONS, code) ? REASONS[code] : `the system reports ${code}`;
}

/** The file that such an error names; undefined if it names none. */
export function fileErrorPath(error: Error): string | undefined {
  const { path } = error as { path?: unknown };
  return typeof path === "string" ? path : /'([^']+)'/.exec(error.message)?.[1];
}
