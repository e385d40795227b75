/**
 * Starts the process of a sandbox child: the only place where one is started to run a step.
 *
 * @module
 */

import { SandboxError } from "../../errors.ts";
import { SANDBOX_CHILD_ARGUMENT } from "../wire/child_argument.ts";
import { encodeMessages } from "../wire/messages.ts";
import { BOOTSTRAP_TEXT, CHILD_TEXTS } from "./harness.generated.ts";

/** Before 2.9 a process without permission to run others may not kill itself: no watchdog then. */
const DENO_MINOR_MIN = 9;

/**
 * Starts a child; nothing of a step runs yet.
 *
 * @throws {SandboxError} If no process can be started.
 */
export function spawnChild(memoryBytesMax: number): Deno.ChildProcess {
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
    return new Deno.Command(command, {
      args: Deno.build.standalone ? [SANDBOX_CHILD_ARGUMENT] : runtimeArguments(memoryBytesMax),
      clearEnv: true,
      // A folder under a file can never be made, so the runtime keeps nothing between runs.
      env: { TZ: "UTC", LANG: "C", NO_COLOR: "1", DENO_DIR: `${command}/none` },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
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

let encodedTexts: Uint8Array[] | undefined;

/** Watchdog and harness as they go to every child. */
export function childTexts(): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  return encodedTexts ??= [...encodeMessages(CHILD_TEXTS.map((text) => encoder.encode(text)))];
}
