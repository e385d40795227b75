/**
 * Runs the body of a function in a realm that is locked down, without a step around it: what the realm
 * denies is not counted. A program of its own, as there is no way back.
 *
 * @module
 */

import { lockDown } from "../../src/sandbox/realm/lock_down.ts";
import { RealmShims } from "../../src/sandbox/realm/shims.ts";
import { RUN_ARGUMENTS } from "./in_sandbox.ts";

/** What the body returns, as JSON tells it. */
export async function inLockedRealm(body: string): Promise<unknown> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...RUN_ARGUMENTS, "tests/sandbox/locked_realm.ts", body],
    cwd: new URL("../../", import.meta.url),
    env: { TZ: "UTC", NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  const answer = decoder.decode(stdout);
  if (answer === "") throw new Error(decoder.decode(stderr));
  const { value, error } = JSON.parse(answer) as { value?: unknown; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}

if (import.meta.main) {
  const { kill, pid, stdout } = Deno;
  const encoder = new TextEncoder();
  const write = (text: string) => stdout.writeSync(encoder.encode(text));
  const run = new Function(`"use strict"; ${Deno.args[0]}`) as () => unknown;
  lockDown({ math: "portable", shims: new RealmShims({}, new Float64Array(2)) });
  try {
    write(JSON.stringify({ value: run() }));
  } catch (error) {
    write(JSON.stringify({ error: `${error}` }));
  }
  // What an orderly end would need is gone.
  kill(pid, "SIGKILL");
}
