/**
 * A `sitecustomize` for the Python processes of a run: it seeds libraries when the command imports them,
 * so that scripts which forget to seed still replay.
 *
 * @module
 */

import { PYTHON_SURROUNDINGS, type PythonFacts, readPythonFacts } from "./python_surroundings.ts";
import type { FingerprintRequest } from "./fingerprint_request.ts";
import { PYTHON_GENERATORS } from "./python/generators.ts";
import { PYTHON_HASH } from "./python/hash.ts";
import { PYTHON_MODULES } from "./python/modules.ts";
import { PYTHON_STREAM } from "./python/stream.ts";
import { PYTHON_TRAINING } from "./python/training.ts";
import { SITECUSTOMIZE } from "./sitecustomize.ts";
import { makeTemporaryFolder } from "./temporary_folder.ts";

/**
 * What became of a seed: something was drawn from it, nothing was, or the script set its own before
 * anything was. "unknown" if the process was killed or the library does not tell; "seen" if the library
 * was imported and left alone.
 */
export type InjectionEffect = "used" | "unused" | "overruled" | "unknown" | "seen";

/** One library in one process of the command. */
export interface InjectionEvent {
  /** Process in which it was imported. */
  readonly pid: number;
  /** `random`, `numpy.random`, `torch`, ...; `clock` and `entropy` where those are fixed. */
  readonly module: string;
  /** What became of its seed. */
  readonly effect: InjectionEffect;
}

/** A folder to put first on PYTHONPATH, for the length of one run. */
export interface PythonInjection {
  /** Variables to set, PYTHONPATH among them. */
  readonly env: Readonly<Record<string, string>>;
  /** What was seeded so far, one event for each library in each process. */
  seeded(): Promise<InjectionEvent[]>;
  /** What processes told about their surroundings so far; nothing unless that was asked for. */
  surroundings(): Promise<PythonFacts>;
  /** Deletes the folder. */
  remove(): Promise<void>;
}

/** Options of {@linkcode createPythonInjection}. */
export interface PythonInjectionOptions {
  /** The user's own PYTHONPATH. */
  pythonPath?: string | undefined;
  /** Seeds these libraries alone (default: all that a script may forget to seed). */
  only?: readonly string[] | undefined;
  /** Whether processes tell about their surroundings (default false). */
  surroundings?: boolean | undefined;
  /** Records fingerprints of what PyTorch does, into this folder (default: none). */
  fingerprint?: FingerprintRequest & { readonly folder: string } | undefined;
}

/** The files that record fingerprints, by name: they stand beside `sitecustomize.py` only where asked for. */
const RECORDER: Readonly<Record<string, string>> = {
  "_rewind_hash.py": PYTHON_HASH,
  "_rewind_stream.py": PYTHON_STREAM,
  "_rewind_generators.py": PYTHON_GENERATORS,
  "_rewind_modules.py": PYTHON_MODULES,
  "_rewind_fingerprints.py": PYTHON_TRAINING,
};

/** Writes the file into a fresh temporary folder. */
export async function createPythonInjection(
  seed: bigint,
  { pythonPath, only, surroundings = false, fingerprint }: PythonInjectionOptions = {},
): Promise<PythonInjection> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const folder = await makeTemporaryFolder("inject");
  const log = path.join(folder, "seeded.log");
  const told = path.join(folder, "surroundings.tsv");
  const files = {
    "sitecustomize.py": surroundings ? SITECUSTOMIZE + PYTHON_SURROUNDINGS : SITECUSTOMIZE,
    ...(fingerprint === undefined ? {} : RECORDER),
  };
  await Promise.all(
    Object.entries(files).map(([name, text]) => fs.writeFile(path.join(folder, name), text)),
  );
  return {
    env: {
      PYTHONPATH: [folder, ...(pythonPath ? [pythonPath] : [])].join(path.delimiter),
      REWIND_SEED: seed.toString(),
      REWIND_INJECTION_LOG: log,
      ...(only === undefined ? {} : { REWIND_SEED_ONLY: only.join(",") }),
      ...(surroundings ? { REWIND_SURROUNDINGS: told } : {}),
      ...(fingerprint === undefined ? {} : {
        REWIND_FINGERPRINT: fingerprint.level,
        REWIND_FINGERPRINT_EVERY: String(fingerprint.every ?? 1),
        REWIND_FINGERPRINT_FOLDER: fingerprint.folder,
      }),
    },
    seeded: async () => readEvents(await fs.readFile(log, "utf8").catch(() => "")),
    surroundings: async () => readPythonFacts(await fs.readFile(told, "utf8").catch(() => "")),
    async remove() {
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

/** Each library of each process with the last thing that was noted of it. */
function readEvents(text: string): InjectionEvent[] {
  const events = new Map<string, InjectionEvent>();
  for (const line of text.split("\n")) {
    const [pid, module, what] = line.split(" ");
    if (pid === undefined || module === undefined || what === undefined) continue;
    const effect = what === "seeded" ? "unknown" : what as InjectionEffect;
    const key = `${pid} ${module}`;
    if (effect === "unknown" && events.has(key)) continue;
    events.set(key, { pid: Number(pid), module, effect });
  }
  return [...events.values()];
}

/** What became of the seed of each library over all processes: the strongest effect. */
export function effectsByModule(
  events: readonly InjectionEvent[],
): ReadonlyMap<string, InjectionEffect> {
  const order: readonly InjectionEffect[] = ["used", "unknown", "overruled", "unused", "seen"];
  const effects = new Map<string, InjectionEffect>();
  for (const { module, effect } of events) {
    const known = effects.get(module);
    if (known === undefined || order.indexOf(effect) < order.indexOf(known)) {
      effects.set(module, effect);
    }
  }
  return effects;
}
