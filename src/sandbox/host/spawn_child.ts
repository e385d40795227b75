/**
 * Starts the process of a sandbox child: the only place where one is started to run a step.
 *
 * @module
 */

import { SandboxError } from "../../errors.ts";
import { SANDBOX_CHILD_ARGUMENT } from "../wire/child_argument.ts";
import { BOOTSTRAP_TEXT } from "./bootstrap.generated.ts";

/** Before 2.9 a process without permission to run others may not kill itself: no watchdog then. */
const DENO_MINOR_MIN = 9;

/** A process that waits for what to run; nothing of a step runs yet. */
export interface StartedChild {
  readonly process: Deno.ChildProcess;
  readonly input: WritableStreamDefaultWriter<Uint8Array>;
  /** Whether the texts of the harness are on their way to it. */
  hasTexts: boolean;
}

/** The child that was started ahead of the work, and the limit that it was started with. */
let ahead: { readonly child: StartedChild; readonly memoryBytesMax: number } | undefined;

/**
 * Starts a child before it is known what it will do, so that it gets ready while this process loads what
 * it needs itself. The first {@linkcode startChild} with the same limit takes it. Where none can be
 * started, that one tells why.
 */
export function startAhead(memoryBytesMax: number): StartedChild | undefined {
  try {
    ahead = { child: spawn(memoryBytesMax), memoryBytesMax };
    return ahead.child;
  } catch {
    return undefined;
  }
}

/**
 * Starts a child, or takes the one that was started ahead.
 *
 * @throws {SandboxError} If no process can be started.
 */
export function startChild(memoryBytesMax: number): StartedChild {
  if (ahead?.memoryBytesMax !== memoryBytesMax) return spawn(memoryBytesMax);
  const { child } = ahead;
  ahead = undefined;
  return child;
}

function spawn(memoryBytesMax: number): StartedChild {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  if (major! < 2 || (major === 2 && minor! < DENO_MINOR_MIN)) {
    throw new SandboxError(
      "crashed",
      `Cannot start the sandbox: Deno ${Deno.version.deno} lacks what makes it safe`,
      { hint: `use Deno 2.${DENO_MINOR_MIN} or newer` },
    );
  }
  const command = Deno.execPath();
  try {
    const process = new Deno.Command(command, {
      args: Deno.build.standalone ? [SANDBOX_CHILD_ARGUMENT] : runtimeArguments(memoryBytesMax),
      clearEnv: true,
      // A folder under a file can never be made, so the runtime keeps nothing between runs.
      env: { TZ: "UTC", LANG: "C", NO_COLOR: "1", DENO_DIR: `${command}/none` },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return { process, input: process.stdin.getWriter(), hasTexts: false };
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) {
      throw new SandboxError(
        "permission",
        `Cannot start the sandbox: rewind may not run processes`,
        { cause, hint: `run it with --allow-run=${command}` },
      );
    }
    throw new SandboxError("crashed", `Cannot start the sandbox: ${command} does not run`, {
      cause,
    });
  }
}

/** Flags that take everything from the child which a flag can take. */
function runtimeArguments(memoryBytesMax: number): string[] {
  // The heap alone can just not reach the limit of the whole process, so that the watchdog, which
  // tells why and leaves no core dump, comes first.
  const heapMiB = Math.ceil(memoryBytesMax / 2 ** 20);
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--no-npm",
    "--no-remote",
    "--cached-only",
    "--no-code-cache",
    ...["read", "write", "net", "env", "sys", "run", "ffi", "import"].map((name) =>
      `--deny-${name}`
    ),
    // With a young generation of 4 MiB from the start, nothing is collected before the first frame:
    // it spares two collections of 2 ms each. Marking a heap bit by bit would let large arrays that
    // a step drops pile up to several times what it holds; there is nobody to notice a pause.
    `--v8-flags=--max-old-space-size=${heapMiB},--min-semi-space-size=4,--no-incremental-marking,` +
    "--disallow-code-generation-from-strings,--stack-trace-limit=0",
    `data:text/javascript;base64,${btoa(BOOTSTRAP_TEXT)}`,
  ];
}
