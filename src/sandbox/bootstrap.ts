/**
 * First code of a sandbox child: gives up every permission, starts the watchdog, blocks imports, then
 * reads the harness from stdin and hands over to it. The same code starts the child of `deno run`
 * (as a data: URL) and of a compiled binary.
 *
 * @module
 */

import { type ChildIo, NUMPY_URL } from "./child_io.ts";
import { MessageReader } from "./message_reader.ts";
import { WatchMemory } from "./watch_memory.ts";

/** First argument of a compiled binary that is to be a sandbox child. */
export const SANDBOX_CHILD_ARGUMENT = "__rewind-sandbox-child";

/** Name under which the harness is loaded, once. */
const HARNESS_URL = "rewind:harness";

/** Exit code of a child that could not make itself safe. */
const EXIT_UNSAFE = 70;

const PERMISSIONS = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;

/** Whether a process that was started with `args` is to be a sandbox child. */
export function isSandboxChild(args: readonly string[]): boolean {
  return args[0] === SANDBOX_CHILD_ARGUMENT;
}

/** Runs this process as a sandbox child; ends the process and never returns. */
export async function runSandboxChild(): Promise<never> {
  const { stdin, stdout, memoryUsage } = Deno;
  giveUpPermissions();
  const messages = new MessageReader((target) => stdin.readSync(target));
  // Before the watchdog, whose thread would compete for the processor: loading it takes longest.
  const { registerHooks } = await import("node:module").catch(() => Deno.exit(EXIT_UNSAFE));
  const watchdog = readText(messages);
  const worker = new Worker(`data:text/javascript;base64,${btoa(watchdog)}`, { type: "module" });
  const watched = new WatchMemory();
  worker.postMessage(watched.buffer);
  try {
    const { load, define } = blockImports(registerHooks);
    define(HARNESS_URL, readText(messages));
    define(NUMPY_URL, readText(messages));
    const harness = await load(HARNESS_URL);
    const io: ChildIo = {
      messages,
      write: (bytes) => writeFully(stdout, bytes),
      memoryBytes: () => memoryUsage().rss,
      watched,
      define,
      load,
    };
    await (harness.runHarness as (io: ChildIo) => Promise<void>)(io);
  } catch {
    // Nothing of the error may leave: the parent sees that the child ended without an answer.
  }
  // The watchdog kills: `Deno.kill` takes 10 ms to load, which this thread need not spend.
  return watched.die();
}

/** Permissions may have been granted where flags cannot be passed, as to a compiled binary. */
function giveUpPermissions(): void {
  for (const name of PERMISSIONS) {
    // "import" is newer than the type of permission names.
    const descriptor = { name } as Deno.PermissionDescriptor;
    Deno.permissions.revokeSync(descriptor);
    if (Deno.permissions.querySync(descriptor).state === "granted") Deno.exit(EXIT_UNSAFE);
  }
}

/**
 * Makes every import but those of names given to `define` fail, each of these once. Throwing in
 * `resolve` would not do: static `node:` imports would still load.
 */
function blockImports(
  registerHooks: typeof import("node:module").registerHooks,
): Pick<ChildIo, "define" | "load"> {
  const sources = new Map<string, string>();
  registerHooks({
    resolve: (specifier: string) => ({
      url: sources.has(specifier) ? specifier : "rewind:blocked",
      format: "module",
      shortCircuit: true,
    }),
    load(url: string) {
      const source = sources.get(url);
      if (source === undefined) throw new Error("the sandbox loads no other modules");
      sources.delete(url);
      return { format: "module", source, shortCircuit: true };
    },
  });
  return {
    define: (url, source) => void sources.set(url, source),
    load: (url) => import(url),
  };
}

/** The next message as text. */
function readText(messages: MessageReader): string {
  const bytes = messages.next();
  if (bytes === undefined) Deno.exit(EXIT_UNSAFE);
  return new TextDecoder().decode(bytes);
}

function writeFully(stdout: typeof Deno.stdout, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += stdout.writeSync(bytes.subarray(written));
  }
}
