/**
 * Loads a module as its author wrote it beside its bundle, in a process without permissions, and compares the two.
 *
 * @module
 */

import { basename, dirname } from "node:path";
import { denoPath, lockArguments, NO_NETWORK } from "./bundle_module.ts";
import { compareLoaded } from "./compare_loaded.ts";
import { GENERATORS } from "./generators.generated.ts";

/** Longest time that a check may take: a module that loops would never answer. */
const MILLISECONDS_MAX = 60_000;

/** Longest processor time, where the system limits it: it says nothing of other work on the machine. */
const PROCESSOR_SECONDS_MAX = 10;

/** Data memory of the process: what lies beyond the heap of V8 is bounded, too. */
const KIBIBYTES_MAX = 2_000_000;

/** Most UTF-16 units that it may say; a module that prints more is not compared. */
const UNITS_MAX = 2 ** 20;

const LIMITED =
  `ulimit -d ${KIBIBYTES_MAX} 2>/dev/null; ulimit -t ${PROCESSOR_SECONDS_MAX}; exec "$@"`;

/** Names of the runtime that keep something between processes, or start another. */
const TAKEN_AWAY = ["localStorage", "sessionStorage", "caches", "Worker", "BroadcastChannel"];

/**
 * What a bundle does otherwise than the module that it was made from, in words. Undefined if nothing was found, or if Deno
 * cannot load the module as it is: without permissions, with what is on this machine.
 *
 * @param path Absolute path of the module.
 * @param bundle Text of its bundle.
 */
export async function bundleDifference(
  path: string,
  bundle: string,
  { allowNet }: { readonly allowNet: boolean },
): Promise<string | undefined> {
  const folder = dirname(path);
  const mark = crypto.randomUUID();
  const deno = [
    denoPath(),
    "run",
    "--quiet",
    "--no-prompt",
    "--no-check",
    "--cached-only",
    "--no-code-cache",
    "--allow-env=NODE_ENV",
    "--v8-flags=--max-old-space-size=512",
    ...await lockArguments(folder),
    "--ext=js",
    "-",
  ];
  const start = ([command, ...args]: readonly string[]): Deno.ChildProcess =>
    new Deno.Command(command!, {
      args,
      // A program from stdin lies in its folder: what it imports by a literal needs no permission.
      cwd: folder,
      env: { NO_COLOR: "1", NODE_ENV: "development", ...(allowNet ? {} : NO_NETWORK) },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      signal: AbortSignal.timeout(MILLISECONDS_MAX),
    }).spawn();
  const process = mayRunShell() ? start(["/bin/sh", "-c", LIMITED, "sh", ...deno]) : start(deno);
  const input = process.stdin.getWriter();
  await input.write(new TextEncoder().encode(program(path, { bundle, mark }))).catch(ignoreEnd);
  await input.close().catch(ignoreEnd);
  let said = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (said.length > UNITS_MAX) process.kill("SIGKILL");
  }
  await process.status;
  const line = said.split("\n").findLast((text) => text.startsWith(mark));
  return line === undefined ? undefined : JSON.parse(line.slice(mark.length)).difference;
}

/** Whether there is a shell that limits what it starts; rewind may be allowed to run Deno alone. */
function mayRunShell(): boolean {
  if (Deno.build.os === "windows") return false;
  return Deno.permissions.querySync({ name: "run", command: "/bin/sh" }).state === "granted";
}

function program(path: string, { bundle, mark }: { bundle: string; mark: string }): string {
  const bytes = new TextEncoder().encode(bundle);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  // By literals, see above; one module by three names is three instances.
  const instances = ["", "?1", "?2"].map((query) => `./${basename(path)}${query}`);
  return `const say = console.log, { exit } = Deno;
for (const name of ${JSON.stringify(TAKEN_AWAY)}) delete globalThis[name];
const generators = ${GENERATORS.at(-1)!.text};
const difference = await (${compareLoaded})({
  loadModule: [${instances.map((name) => `() => import(${JSON.stringify(name)})`).join()}],
  loadBundle: () => import("data:text/javascript;base64,${base64}"),
  createRng: (name, seed) => generators.isRngName(name) ? generators.createRng(name, seed) : undefined,
});
say(${JSON.stringify(mark)} + JSON.stringify({ difference }));
exit(0);
`;
}

/** A process that ended does not read: that it gave no answer shows later. */
function ignoreEnd(): void {}
