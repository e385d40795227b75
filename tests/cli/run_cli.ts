/**
 * Runs the command line as a child process, as a person would.
 *
 * @module
 */

const ROOT = new URL("../../", import.meta.url).pathname;

/** The examples of this repository, for recording. */
export const EXAMPLES = `${ROOT}examples/`;

/** Permissions that every verb can do with. */
const ALL_PERMISSIONS = ["--allow-read", "--allow-write", "--allow-env", "--allow-run"];

/** Children at a time: the machine has few cores, and each child starts one of its own. */
const CHILDREN_MAX = 3;

/** What a command did. */
export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** How to run a command. */
export interface CliOptions {
  /** Folder to run in. */
  cwd?: string;
  /** Variables besides those of the test process, less those that change what is printed. */
  env?: Record<string, string>;
  /** Permission flags; what every verb can do with by default. */
  permissions?: string[];
}

/** The words after which the arguments of `rewind` follow. */
export function cliCommand(permissions = ALL_PERMISSIONS): string[] {
  return [
    Deno.execPath(),
    "run",
    "--quiet",
    "--no-check",
    "--no-prompt",
    ...permissions,
    ...ownSources(permissions),
    `--import-map=${ROOT}npm.import_map.json`,
    `--lock=${ROOT}npm.deno.lock`,
    `${ROOT}cli.ts`,
  ];
}

/** The right to load verbs from this checkout; from a registry they are loaded without one. */
function ownSources(permissions: readonly string[]): string[] {
  const isGiven = permissions.includes("-A") || permissions.includes("--allow-read");
  return isGiven ? [] : [`--allow-read=${ROOT}src`];
}

/** The environment of this process without what changes the look of output. */
export function plainEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const { NO_COLOR: _, FORCE_COLOR: __, COLUMNS: ___, ...rest } = Deno.env.toObject();
  return { ...rest, ...extra };
}

let running = 0;
const waiting: (() => void)[] = [];

/** Runs a command when few others run. */
export async function inTurn<T>(command: () => Promise<T>): Promise<T> {
  if (running >= CHILDREN_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await command();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

/** Runs `rewind` with arguments and waits for its end; a few commands run at a time. */
export async function runCli(args: string[], options: CliOptions = {}): Promise<CliResult> {
  const { code, stdout, stderr } = await inTurn(() => spawnCli(args, options).output());
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Starts `rewind` with its output piped. */
export function spawnCli(args: string[], options: CliOptions = {}): Deno.ChildProcess {
  const [command, ...rest] = cliCommand(options.permissions);
  return new Deno.Command(command!, {
    args: [...rest, ...args],
    clearEnv: true,
    env: plainEnvironment(options.env),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  }).spawn();
}

/** A folder that is removed at the end. */
export class TempFolder implements AsyncDisposable {
  /** Its absolute path. */
  readonly path: string = Deno.makeTempDirSync({ prefix: "rewind-cli-" });

  /** The path of a file in it. */
  file(name: string): string {
    return `${this.path}/${name}`;
  }

  /** Writes a file into it and returns the file's path. */
  write(name: string, text: string | Uint8Array): string {
    const path = this.file(name);
    if (typeof text === "string") Deno.writeTextFileSync(path, text);
    else Deno.writeFileSync(path, text);
    return path;
  }

  /** Names of the files in it, sorted. */
  names(): string[] {
    return Array.from(Deno.readDirSync(this.path), ({ name }) => name).sort();
  }

  /** Removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** Whether a program is on the PATH. */
export function hasProgram(name: string): boolean {
  try {
    return new Deno.Command(name, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}
