/**
 * First code of a sandbox child: gives up every permission, starts the watchdog, then reads the
 * harness from stdin and hands over to it, with the one way to load a module: one that imports
 * nothing. The same code starts the child of `deno run` (as a data: URL) and of a compiled binary.
 *
 * @module
 */

import type { RealmIo, RealmPart } from "../realm/realm_io.ts";
import type { runRealm } from "../realm/run_realm.ts";
import { MessageReader } from "../wire/message_reader.ts";
import { WatchMemory } from "./watchdog_buffer.ts";

type Module = import("node:vm").SourceTextModule;

/** Name under which the harness and its late parts import what they share. */
export const SHARED_MODULE = "rewind:shared";

/** What a step module may import. */
const NOTHING: ReadonlyMap<string, Module> = new Map();

/** Exit code of a child that could not make itself safe. */
const EXIT_UNSAFE = 70;

/** The watchdog is there within a few milliseconds, on a busy machine too. */
const WATCHDOG_MS_MAX = 5000;

const PERMISSIONS = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;

/** What is newer than the type of the runtime: microseconds of the processor that this process has taken. */
interface ProcessorUsage {
  cpuUsage(): { user: number; system: number };
}

/** Runs this process as a sandbox child; ends the process and never returns. */
export async function runSandboxChild(): Promise<never> {
  const { cpuUsage, stdin, stdout, memoryUsage } = Deno as typeof Deno & ProcessorUsage;
  giveUpPermissions();
  const messages = new MessageReader((target) => stdin.readSync(target));
  // Before the watchdog, whose thread would compete for the processor: loading it takes longest.
  const { SourceTextModule } = await import("node:vm").catch(() => Deno.exit(EXIT_UNSAFE));
  if (typeof SourceTextModule !== "function") Deno.exit(EXIT_UNSAFE);
  const watchdog = readText(messages);
  const worker = new Worker(`data:text/javascript;base64,${btoa(watchdog)}`, { type: "module" });
  const watched = new WatchMemory();
  worker.postMessage(watched.buffer);
  try {
    const make = moduleMaker(SourceTextModule);
    const shared = new Map([[SHARED_MODULE, await make(SHARED_MODULE, readText(messages))]]);
    const harness = await make("rewind:harness", readText(messages), shared);
    const texts = { jobs: readText(messages), numpy: readText(messages) };
    const parts = new Map<RealmPart, Module>();
    // Nothing may run unwatched.
    if (!watched.isWatchedWithin(WATCHDOG_MS_MAX)) Deno.exit(EXIT_UNSAFE);
    const next = () => messages.next();
    const io: RealmIo = {
      request: next,
      checkpoint: next,
      send: (bytes) => writeFully(stdout, bytes),
      memoryBytes: () => memoryUsage().rss,
      now: performance.now.bind(performance),
      worked: () => {
        const { user, system } = cpuUsage();
        return (user + system) / 1000;
      },
      position: watched.position,
      enforce: (limits) => watched.order(limits),
      evaluate: async (identifier, source) => {
        const module = await make(identifier, source);
        return { exports: module.namespace as Record<string, unknown> };
      },
      loadPart: async (part) => {
        const module = parts.get(part) ?? await make(`rewind:${part}`, texts[part], shared);
        parts.set(part, module);
        return module.namespace as Record<string, unknown>;
      },
    };
    await ((harness.namespace as Record<string, unknown>).runRealm as typeof runRealm)(io);
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
 * Makes modules that can import nothing but what is given to them: other static imports go to a linker
 * that throws, and `import()` is rejected where a module is given no callback for it. Neither reaches the
 * runtime's own loader.
 *
 * The hooks of `node:module` would do too, but take 10 ms longer to load, and keep every instance of a
 * module for ever, as a callback would.
 */
function moduleMaker(SourceTextModule: typeof import("node:vm").SourceTextModule) {
  return async (
    identifier: string,
    source: string,
    imports: ReadonlyMap<string, Module> = NOTHING,
  ): Promise<Module> => {
    const module = new SourceTextModule(source, { identifier });
    await module.link((specifier) => imports.get(specifier) ?? refuseImport());
    await module.evaluate();
    return module;
  };
}

function refuseImport(): never {
  throw new TypeError("the sandbox loads no other modules");
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
