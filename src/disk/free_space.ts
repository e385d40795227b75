/**
 * How much room a disk has left.
 *
 * @module
 */

/**
 * Bytes that may still be written where a folder is; undefined where that is not known, or may not be asked
 * for. The quota of an owner is not seen.
 */
export async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    if (typeof Deno !== "undefined" && !await mayAsk()) return undefined;
    // Loading it takes longer than all that a small command does.
    const { statfs } = await import("node:fs/promises");
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Nobody is asked for a permission for the sake of a hint. */
async function mayAsk(): Promise<boolean> {
  const { state } = await Deno.permissions.query({ name: "sys", kind: "statfs" });
  return state === "granted";
}
