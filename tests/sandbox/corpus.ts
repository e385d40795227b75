/**
 * Runs hostile modules through the sandbox as `record`, `get` and `verify` would, and names the outcome.
 *
 * @module
 */

import { explain } from "../../src/campaign/why.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { PLAIN_RECORD } from "../../src/engine/record_defaults.ts";
import type { RunRecord } from "../../src/engine/types.ts";
import { BaselineError, RewindError, SandboxError, UnsafeArtifactError } from "../../src/errors.ts";
import { PythonRandom } from "../../src/rng/python/python_random.ts";
import { deriveSeed } from "../../src/rng/derive_seed.ts";
import type { SandboxLimits } from "../../src/sandbox/host/sandbox_limits.ts";
import { ChildLender } from "../../src/sandbox/host/child_lender.ts";
import { divergeRecorded, divergeSandboxed } from "../../src/sandbox/host/diverge_sandboxed.ts";
import { SandboxedRun } from "../../src/sandbox/host/sandboxed_run.ts";
import { SandboxSession } from "../../src/sandbox/host/session.ts";
import { splitInChild } from "../../src/sandbox/host/rare_in_child.ts";
import { lastChange } from "../../src/sandbox/host/when_sandboxed.ts";
import { recordGolden, testGolden } from "../../src/testing/golden.ts";
import type { TrialResult } from "../../src/sandbox/host/trials_in_child.ts";
import type { StatePath } from "../../src/codec/path_reader.ts";

/** What became of a hostile module. */
export type Outcome = "refused" | "error" | "killed" | "mismatch" | "verified";

/** A way of running a module. */
export type Verb = typeof VERBS[number];

/** All of them. */
// deno-fmt-ignore
export const VERBS = [
  "record", "verify", "get", "find", "stats", "survey", "trace", "export", "picture", "when", "diverge",
  "log", "branch", "diff", "test", "why", "extend", "sweep", "rare",
] as const;

/** One module of the corpus. */
export interface HostileModule {
  name: string;
  className: string;
  safe: Outcome[];
  source: string;
}

/** What a run through the sandbox showed. */
export interface Result {
  outcome: Outcome;
  /** All text that would reach a person, and all states that came back. */
  seen: string;
  /** The error, for a look. */
  error: unknown;
}

const STEPS = 13;
const BLOCK_SIZE = 4;
const SEED = 42n;

/** Reads a module and what its first line says of it. */
export function parseModule(name: string, source: string): HostileModule {
  const head = /^\/\/ class: (\w+); tries: .*; safe: ([a-z|]+)\n/.exec(source);
  if (head === null) throw new Error(`${name} has no description`);
  return { name, className: head[1]!, safe: head[2]!.split("|") as Outcome[], source };
}

/** An artifact made by hand: the states of the honest walk, whatever the source does. */
export function forgedRecord(source: string): RunRecord {
  const key = /init = \{ n: 0, (\w+): 0 \}/.exec(source)?.[1];
  const states: unknown[] = [];
  let x = 0;
  let rng = new PythonRandom(0);
  for (let t = 0; t < STEPS; t++) {
    states.push(key === "x" ? { n: t, x } : key === undefined ? { n: t } : { n: t, [key]: 0 });
    if (t % BLOCK_SIZE === 0) rng = new PythonRandom(deriveSeed(SEED, t / BLOCK_SIZE));
    x += rng.random() < 0.5 ? -1 : 1;
  }
  const bytes = states.filter((_, t) => t % BLOCK_SIZE === 0).map((state) => encodeState(state));
  return {
    ...PLAIN_RECORD,
    steps: STEPS,
    seed: SEED,
    blockSize: BLOCK_SIZE,
    rng: "python",
    params: undefined,
    checkpoints: { length: bytes.length, bytesAt: (block) => bytes[block]! },
    lastState: encodeState(states[STEPS - 1]),
    observed: {},
    stepId: "hostile",
    source,
    math: "portable",
  };
}

type Read = (run: SandboxedRun, limits: SandboxLimits) => Promise<unknown>;

/** What each verb asks of a run that somebody else recorded. */
const READ: Readonly<Record<Exclude<Verb, "record" | "extend" | "sweep" | "rare">, Read>> = {
  verify: (run) => run.verify({ full: true }),
  get: (run) => run.get(BLOCK_SIZE + 2),
  find: (run) => run.find("(s) => s?.n === 11"),
  stats: (run) => run.stats({ expression: "(s) => Number(s?.n)" }),
  survey: (run) =>
    run.survey({
      ...{ from: 0, to: STEPS, bucketsMax: 5, samples: [1, 6, STEPS - 1], seriesMax: 5 },
      leaves: [[{ kind: "property", key: "n" }], [{ kind: "property", key: "x" }]],
      observe: [{ expression: "(s) => Number(s?.n)" }],
    }),
  trace: (run) => run.trace(BLOCK_SIZE + 2),
  export: (run) => Array.fromAsync(run.states(0, STEPS, { isShown: true })),
  picture: async (run) => {
    const frames = await run.frames({ from: 0, to: STEPS, every: 3 });
    return frames.map(({ bytes, ...frame }) => ({ ...frame, state: decodeState(bytes) }));
  },
  when: async (run) => {
    const path: StatePath = [{ kind: "property", key: "n" }];
    await using children = new ChildLender(run.child);
    return await lastChange(run.record, children, { path, from: 0, to: STEPS });
  },
  diverge: (run) => divergeSandboxed(run.record, { before: run.child, after: run.child }),
  log: (run) => run.log({ from: 1, to: BLOCK_SIZE + 3 }),
  branch: async (run) => {
    await using fork = await run.branch(BLOCK_SIZE + 1, { mutate: "(s) => void (s.n = 0)" });
    return [await fork.get(2), fork.failure];
  },
  diff: async (run) => {
    const side = { record: run.record, options: run.child };
    return await divergeRecorded(side, side, { from: { before: 0, after: 0 }, everyState: true });
  },
  test: async (run, limits) => {
    // As if the module had changed since.
    const source = `${run.record.source}\n`;
    const module = {
      source,
      stepId: "hostile",
      sourceMap: undefined,
      mayShimLoad: false,
      notes: [],
    };
    const recorded = await recordGolden(run.record, module, limits);
    return [await testGolden(run.record, module, limits), recorded.failure];
  },
  why: async (run) =>
    await explain(run.record, run.child, { where: "(s) => s?.n === 11", forks: 8, children: 1 }),
};

/** Runs a module in one of several ways. */
export async function attack(
  source: string,
  verb: Verb,
  limits: SandboxLimits,
): Promise<Result> {
  try {
    if (verb === "record") return await attackRecord(source, limits);
    if (verb === "extend") return await attackExtension(source, limits);
    if (verb === "sweep") return await attackTrial(source, limits);
    if (verb === "rare") return await attackSplitting(source, limits);
    const record = forgedRecord(source);
    await using run = new SandboxedRun(record, { source, ...limits });
    const answer = await READ[verb](run, limits);
    return { outcome: "verified", seen: Deno.inspect(answer), error: undefined };
  } catch (error) {
    return { outcome: outcomeOf(error), seen: Deno.inspect(error), error };
  }
}

async function attackRecord(source: string, limits: SandboxLimits): Promise<Result> {
  await using session = new SandboxSession({ source, ...limits });
  const run = await session.record({ steps: STEPS, seed: SEED, blockSize: BLOCK_SIZE });
  const states = [run.lastState!, run.checkpoints.bytesAt(0)].map((bytes) => decodeState(bytes));
  const seen = Deno.inspect([states, run.failure, run.observed]);
  return { outcome: run.failure === undefined ? "verified" : "error", seen, error: run.failure };
}

/** Goes on with a run, as `extend` and `resume` do. */
async function attackExtension(source: string, limits: SandboxLimits): Promise<Result> {
  const record = forgedRecord(source);
  await using session = new SandboxSession({ source, ...limits });
  const extendable = { ...record, lastState: record.lastState! };
  const run = await session.goOn(extendable, { steps: 2 * STEPS, guards: false, observe: {} });
  const states = [run.lastState!, run.checkpoints.bytesAt(0)].map((bytes) => decodeState(bytes));
  const outcome = run.failure === undefined ? "verified" : "error";
  return { outcome, seen: Deno.inspect([states, run.failure]), error: run.failure };
}

async function attackTrial(source: string, limits: SandboxLimits): Promise<Result> {
  await using session = new SandboxSession({ source, ...limits });
  const seed = { seed: SEED, paramChanges: [], isTried: true };
  const answer = session.trials({
    recording: { steps: STEPS, blockSize: BLOCK_SIZE },
    trial: {
      ...{ where: "(s) => s?.n === 11", stops: false, offset: 0, final: "(s) => s" },
      ...{ points: Float64Array.of(0, 5), reuses: false, doubt: undefined },
    },
    ...{ trials: [seed], keep: "none", hashed: { stepId: "", sourceHash: "00".repeat(32) } },
  });
  const [[{ trial, error }]] = await Array.fromAsync(answer) as [[TrialResult]];
  if (error !== undefined) throw error;
  const { failure, observed, first, final, points } = trial;
  const outcome = failure === undefined ? "verified" : "error";
  return { outcome, seen: Deno.inspect([first, final, points, failure, observed]), error: failure };
}

async function attackSplitting(source: string, limits: SandboxLimits): Promise<Result> {
  await using session = new SandboxSession({ source, ...limits });
  const options = { steps: STEPS, seed: SEED, blockSize: BLOCK_SIZE };
  const score = "(s) => Number(s?.n)";
  const splitting = { score, level: STEPS - 1, particles: 4, kill: 1, repeat: 0 };
  const end = await splitInChild(session, options, splitting);
  return { outcome: "verified", seen: Deno.inspect(end), error: undefined };
}

function outcomeOf(error: unknown): Outcome {
  // The states made by hand are not those that every module gives.
  if (error instanceof BaselineError) return "mismatch";
  if (error instanceof UnsafeArtifactError) return "refused";
  if (error instanceof SandboxError) return error.reason === "refused" ? "error" : "killed";
  if (error instanceof RewindError && error.code === "NONDETERMINISTIC_REPLAY") {
    const { badBlocks } =
      (error as unknown as { report: { badBlocks: { error?: string }[] } }).report;
    return badBlocks.some((bad) => bad.error !== undefined) ? "error" : "mismatch";
  }
  if (error instanceof RewindError) return "error";
  throw error;
}
