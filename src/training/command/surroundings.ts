/**
 * The surroundings of a command: the commit and what differs from it, the files that the command names, variables
 * that matter, the machine, and what its Python processes tell.
 *
 * @module
 */

import { BASELINE_CODE_FILES_MAX, BASELINE_FILE_BYTES_MAX } from "../limits.ts";
import { toHex } from "../../bytes/hex.ts";
import { joinCommand } from "./command_words.ts";
import { git } from "./git_worktree.ts";
import type { PythonFacts } from "./python_surroundings.ts";
import { pinnedBy } from "./replay_environment.ts";
import { variablesWithoutSecrets, withoutSecrets } from "./secrets.ts";

/**
 * Surroundings as names with values: `commit`, `file train.py`, `variable OMP_NUM_THREADS`, `package numpy`;
 * `own variable OMP_NUM_THREADS` is the user's value where rewind pins another one.
 */
export interface Surroundings {
  /** The values by name. */
  readonly facts: Readonly<Record<string, string>>;
  /** Top-level Python modules that were imported; empty if that is not known. */
  readonly imported: readonly string[];
  /** Names of files, as in `facts`, that changed while the command ran: their content is no fact. */
  readonly written: readonly string[];
}

/** Variables that numeric libraries, Python and the dynamic loader read; no others are looked at. */
const MATTERS =
  /^(?:OMP|MKL|OPENBLAS|BLIS|NUMEXPR|VECLIB|GOMP|KMP|GOTO|DNNL|ONEDNN|ATEN|CUDA|CUBLAS|CUDNN|NCCL|NVIDIA|HIP|ROCR|ROCM|HSA|PYTORCH|TORCH|TORCHINDUCTOR|TF|XLA|JAX|KERAS|PYTHON|CONDA|VIRTUAL_ENV|LD|DYLD|HF|TRANSFORMERS|ACCELERATE|DEEPSPEED|TOKENIZERS|TRITON|PL|WANDB|RAY|MALLOC|LC|LANG|TZ|SLURM_CPUS|OPENBLAS_CORETYPE)(?:_|$)/;
/** What rewind or the shell sets anew for each run, or what changes from one shell to the next. */
const PASSING =
  /^(?:PYTHONPATH|PYTHONUNBUFFERED|CONDA_(?:SHLVL|PROMPT_MODIFIER|EXE|PYTHON_EXE)|LANGUAGE)$/;
/** Files that git does not hold count if they are code. */
const CODE = /\.(?:py|pyx|pyi|sh|c|cc|cpp|cu|h|hpp|ts|js|mjs|rs|go|jl|r|lua|sql)$/i;

/** The code of a command: its words, the commit, files. */
export type CodeFacts = Readonly<Record<string, string>>;

/** Reads what a command is made of: before it runs, as it may be edited meanwhile, and after it, as it may write files. */
export async function readCode(argv: readonly string[], cwd: string): Promise<CodeFacts> {
  return {
    command: joinCommand(withoutSecrets(argv).words),
    ...await commitFacts(cwd),
    ...await fileFacts(argv, cwd),
  };
}

/** What {@linkcode readSurroundings} takes. */
export interface SurroundingsOptions {
  /** The code before the command ran. */
  readonly before: CodeFacts;
  /** The code afterwards. */
  readonly after: CodeFacts;
  /** Variables on top of this process's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** What its Python processes told. */
  readonly python: PythonFacts;
}

/** Reads the surroundings of a command that ran; `leftOut` names what looks like a secret and is not kept. */
export async function readSurroundings(
  { before, after, environment, python }: SurroundingsOptions,
): Promise<{ surroundings: Surroundings; leftOut: string[] }> {
  const { default: process } = await import("node:process");
  const all = { ...process.env as Record<string, string>, ...environment };
  const { variables, leftOut } = variablesWithoutSecrets(
    Object.fromEntries(
      Object.entries(all).filter(([name]) => MATTERS.test(name) && !PASSING.test(name)),
    ),
  );
  const named = Object.entries(variables).sort(([a], [b]) => a < b ? -1 : 1);
  const written = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) =>
    /^(?:file|uncommitted) /.test(name) && before[name] !== after[name]
  );
  return {
    surroundings: {
      facts: {
        ...Object.fromEntries(Object.entries(before).filter(([name]) => !written.includes(name))),
        ...python.facts,
        ...Object.fromEntries(named.map(([name, value]) => [`variable ${name}`, value])),
        ...Object.fromEntries(
          Object.entries(environment).filter(([name, value]) => pinnedBy(name, value) !== undefined)
            .map(([name]) => [`own variable ${name}`, process.env[name] ?? "not set"]),
        ),
        ...await machineFacts(),
      },
      imported: python.imported,
      written,
    },
    leftOut,
  };
}

/** The commit, and each file of the repository (code files that git does not hold as well) that differs from it. */
async function commitFacts(cwd: string): Promise<Record<string, string>> {
  const path = await import("node:path");
  try {
    const top = (await git(cwd, ["rev-parse", "--show-toplevel"])).trim();
    const commit = (await git(cwd, ["rev-parse", "HEAD"])).trim();
    const changed = await git(top, ["diff", "--name-only", "-z", "HEAD"]);
    const others = await git(top, ["ls-files", "--others", "--exclude-standard", "-z"]);
    const names = [
      ...changed.split("\0"),
      ...others.split("\0").filter((name) => CODE.test(name)),
    ].filter((name) => name !== "").slice(0, BASELINE_CODE_FILES_MAX);
    const facts: Record<string, string> = { commit };
    for (const name of names) facts[`uncommitted ${name}`] = await digest(path.join(top, name));
    return facts;
  } catch {
    // No repository, no commit in it yet, or no git.
    return {};
  }
}

/** Files that the words of the command name, the program itself apart: its script, configurations, data. */
async function fileFacts(argv: readonly string[], cwd: string): Promise<Record<string, string>> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const facts: Record<string, string> = {};
  for (const word of argv.slice(1)) {
    const name = word.startsWith("-") ? word.slice(word.indexOf("=") + 1) : word;
    if (name === "" || name.length > 4096) continue;
    const file = path.resolve(cwd, name);
    const info = await fs.stat(file).catch(() => undefined);
    if (info?.isFile()) facts[`file ${name}`] = await digest(file);
  }
  return facts;
}

/** The first 16 digits of a file's SHA-256; size and time where it is too large to read. */
async function digest(file: string): Promise<string> {
  const fs = await import("node:fs/promises");
  const info = await fs.stat(file).catch(() => undefined);
  if (info === undefined) return "deleted";
  if (!info.isFile()) return "no file";
  if (info.size > BASELINE_FILE_BYTES_MAX) {
    return `${info.size} bytes of ${info.mtime.toISOString()}`;
  }
  // A file of the kernel's has no size, and may never give a first byte.
  const bytes = info.size === 0 ? [] : await fs.readFile(file);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
  return toHex(hash).slice(0, 16);
}

async function machineFacts(): Promise<Record<string, string>> {
  const [os, fs] = await Promise.all([import("node:os"), import("node:fs/promises")]);
  const facts: Record<string, string> = {};
  const attempt = (name: string, value: () => string): void => {
    try {
      facts[name] = value();
    } catch {
      // Without the permission to ask (--allow-sys).
    }
  };
  attempt("cores", () => String(os.availableParallelism()));
  attempt("system", () => `${os.type()} ${os.release()} ${os.arch()}`);
  const cpu = await fs.readFile("/proc/cpuinfo", "utf8").catch(() => "");
  const model = /^model name\s*:\s*(.*)$/m.exec(cpu)?.[1];
  if (model !== undefined) facts["processor"] = model;
  const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpu)?.[1];
  // Those that numeric libraries choose their code by.
  const wide = flags?.split(" ").filter((flag) =>
    /^(?:avx|fma|sse4|amx|sve|asimd|neon)/.test(flag)
  );
  if (wide !== undefined) facts["processor flags"] = wide.sort().join(" ");
  const driver = await fs.readFile("/proc/driver/nvidia/version", "utf8").catch(() => "");
  const version = /Kernel Module\s+([\d.]+)/.exec(driver)?.[1];
  if (version !== undefined) facts["nvidia driver"] = version;
  return facts;
}
