/**
 * Whether a worker can be started, asked beforehand: a worker that does not start prints an error, and a
 * missing permission prompts.
 *
 * @module
 */

import { stat } from "node:fs/promises";

/** Whether a worker can be started from a module of this project. */
export async function canStartWorker(url: URL): Promise<boolean> {
  if (typeof Worker === "undefined") return false;
  if (url.protocol !== "file:") return true;
  if (typeof Deno !== "undefined") {
    const { state } = await Deno.permissions.query({ name: "read", path: url });
    if (state !== "granted") return false;
  }
  return await stat(url).then((info) => info.isFile(), () => false);
}
