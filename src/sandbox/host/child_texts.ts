/**
 * Sends a child what every child runs: its watchdog and the harness.
 *
 * @module
 */

import { encodeMessages } from "../wire/messages.ts";
import { CHILD_TEXTS } from "./harness.generated.ts";
import type { StartedChild } from "./spawn_child.ts";

let encoded: readonly Uint8Array[] | undefined;

/**
 * Queues the texts, unless they are queued already. Whether the child reads them shows where it answers.
 *
 * @returns When the first ones lie in the pipe, as many as it takes.
 */
export async function sendTexts(child: StartedChild): Promise<void> {
  if (child.hasTexts) return;
  child.hasTexts = true;
  const encoder = new TextEncoder();
  encoded ??= [...encodeMessages(CHILD_TEXTS.map((text) => encoder.encode(text)))];
  const [first] = encoded.map((bytes) => child.input.write(bytes).catch(() => {}));
  await first;
}
