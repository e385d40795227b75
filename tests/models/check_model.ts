/**
 * A random model against a plain loop that shares no code with the engine but the generators and the encoding in which
 * states are compared: every verb of the library gives the numbers of the loop, or a refusal that names the culprit.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { readPeerArtifact } from "../../src/artifact/peer/read_peer.ts";
import { writePeerArtifact } from "../../src/artifact/peer/write_peer.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import {
  createRng,
  deriveBranchSeed,
  deriveSeed,
  load,
  openRecorder,
  record,
  resumeRecorder,
  RewindError,
  type Run,
} from "../../mod.ts";
import { Chance, type Model } from "./random_model.ts";

/** What a module exports, as its text says; checked by nobody, as a step module of JavaScript is. */
// deno-lint-ignore no-explicit-any -- models have states of all kinds
type Any = any;

interface Exports {
  readonly step: (state: Any, rng: Any, params: Any, t: number, input: Any) => Any;
  readonly init: (params?: Any, rng?: Any) => Any;
  readonly params: Any;
  readonly codec?: { encode(state: Any): Any; decode(data: Any): Any };
  readonly observe: Record<string, (state: Any) => number>;
}

/** A fresh instance of a model's module. */
export function instantiate({ text }: Model): Exports {
  const names = ["step", "init", "params", "codec", "observe"];
  const body = text.replace(/^export (const|function)/gm, "$1");
  const has = (name: string) => new RegExp(`^(?:const|function) ${name}\\b`, "m").test(body);
  return new Function(`"use strict";${body};return {${names.filter(has).join(",")}}`)() as Exports;
}

/** What the plain loop knows of a run. */
interface Plain {
  /** Canonical bytes of each state. */
  readonly states: readonly Uint8Array[];
  /** What each observable says of each state. */
  readonly observed: Readonly<Record<string, number[]>>;
  /** The calls by which each state was made. */
  readonly draws: readonly (readonly string[])[];
  /** Index of the state that the step failed to make. */
  readonly failedAt: number | undefined;
}

/** How a plain loop starts: with `init`, or with the state of another run. */
interface PlainStart {
  readonly state?: Any;
  readonly seed?: bigint;
  readonly blockSize: number;
  readonly steps: number;
  readonly origin?: number;
  readonly inputs?: readonly unknown[] | undefined;
}

/** The loop: one live state, one generator reseeded at each block start, nothing copied. */
export function plainRun(model: Model, exports: Exports, start: PlainStart): Plain {
  const { step, codec, observe } = exports;
  const params = freeze(structuredClone(exports.params));
  const { blockSize, steps, origin = 0, inputs } = start;
  const seed = start.seed ?? model.seed;
  let state = "state" in start ? start.state : exports.init(params, undefined);
  const bytes = (): Uint8Array => encodeState(codec === undefined ? state : codec.encode(state));
  const states = [bytes()];
  const observed: Record<string, number[]> = {};
  for (const [name, look] of Object.entries(observe)) observed[name] = [look(state)];
  const draws: string[][] = [[]];
  let rng: Any;
  for (let t = 0; t < steps - 1; t++) {
    if (t % blockSize === 0) rng = createRng(model.rng, deriveSeed(seed, t / blockSize));
    const calls: string[] = [];
    const given = freeze(structuredClone(inputs?.[t]));
    try {
      state = step(state, listening(rng, calls), params, origin + t, given);
    } catch (error) {
      if ((error as Error).message !== "fails on purpose") throw error;
      return { states, observed, draws, failedAt: t + 1 };
    }
    states.push(bytes());
    draws.push(calls);
    for (const [name, look] of Object.entries(observe)) observed[name]!.push(look(state));
  }
  return { states, observed, draws, failedAt: undefined };
}

/** A generator that writes down which methods are called on it. */
function listening(rng: Any, calls: string[]): Any {
  return new Proxy(rng, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        calls.push(String(name));
        return value.apply(target, args);
      };
    },
  });
}

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

/** Holds all verbs of the library against the loop. */
export async function checkModel(model: Model, folder: string): Promise<void> {
  const chance = new Chance(model.number);
  const { blockSize, rng, seed, steps, inputs, mistake } = model;
  const exports = instantiate(model);
  const { step, init, params, codec, observe } = exports;
  const options = {
    ...{ init, steps, seed, rng, blockSize, params, observe },
    ...(codec === undefined ? {} : { codec }),
    ...(inputs === undefined ? {} : { inputs }),
  };
  if (mistake !== undefined && isRefused(model, () => record(step, options) as Run<Any>)) return;
  const plain = plainRun(model, instantiate(model), { blockSize, steps, inputs });
  const run = record(step, options) as Run<Any>;
  const bytesOf = (state: Any): Uint8Array =>
    encodeState(codec === undefined ? state : codec.encode(state));
  const same = (actual: readonly Any[], expected: readonly Uint8Array[], what: string): void => {
    assertEquals(actual.length, expected.length, what);
    actual.forEach((state, t) => assertEquals(bytesOf(state), expected[t], `${what} ${t}`));
  };
  const { states, observed } = plain;
  const T = states.length;
  assertEquals(run.steps, T);
  assertEquals(run.failure?.t, plain.failedAt);
  // get, states
  for (let i = 0; i < 5; i++) {
    const t = chance.below(T);
    assertEquals(bytesOf(run.get(t)), states[t], `get(${t})`);
  }
  const all = (of: Run<Any>): Any[] => [...of.states(0, of.steps, { copy: true })];
  same(all(run), states, "states");
  if (mistake !== undefined) {
    // What goes wrong where a copy starts, and had none in this run, does so in a branch of it.
    const branches = (): void => checkBranches({ model, run, plain, chance, all, same });
    isRefused(model, branches);
    return;
  }
  // stats, observed
  const { count, mean, min, max } = run.stats((s: Any) => s.age) as Any;
  const ages = observed.age!;
  assertEquals([count, min, max], [T, Math.min(...ages), Math.max(...ages)]);
  assert(Math.abs(mean - ages.reduce((sum, x) => sum + x, 0) / T) < 1e-9);
  for (const [name, values] of Object.entries(observed)) {
    const recorded = run.observed[name] as Any;
    assertEquals([recorded.count, recorded.max], [T, Math.max(...values)], name);
    assert(Math.abs(recorded.mean - values.reduce((sum, x) => sum + x, 0) / T) < 1e-9, name);
  }
  // find, bisect
  const target = chance.below(2 * T + 3);
  const first = ages.findIndex((age) => age >= target);
  assertEquals(run.find((s: Any) => s.age >= target), first < 0 ? undefined : first);
  assertEquals(run.bisect((s: Any) => s.age >= target), first < 0 ? undefined : first);
  const parity = observed.parity!.indexOf(1);
  assertEquals(run.find((s: Any) => s.age % 2 === 1), parity < 0 ? undefined : parity);
  // trace
  const traced = chance.below(T);
  assertEquals(
    run.trace(traced).map(({ method }) => method),
    plain.draws[traced],
    `trace(${traced})`,
  );
  run.verify({ full: true });
  // a file
  const bytes = await run.toBytes();
  const loaded = await load<Any>(bytes, { step, init, observe, ...(codec && { codec }) });
  same(all(loaded as Run<Any>), states, "loaded");
  assertEquals(await loaded.contentHash(), await run.contentHash());
  loaded.verify({ full: true });
  checkPeer(run);
  checkBranches({ model, run, plain, chance, all, same });
  await checkGrowth({ model, exports, run, options, folder, chance });
}

/** Whether a model is refused, by an error that names what is wrong; what is not has to give the numbers of the loop. */
function isRefused({ mistake }: Model, work: () => Run<Any> | void): boolean {
  try {
    const failure = work()?.failure;
    // Beyond the first blocks what was recorded before is kept.
    return failure !== undefined && mistake!.names.test(failure.error);
  } catch (error) {
    if (!(error instanceof RewindError)) throw error;
    assert(mistake!.names.test(error.message), `${mistake!.kind}: ${error.message}`);
    return true;
  }
}

/** What Python can hold comes back from its format as it was; the rest is refused. */
function checkPeer(run: Run<Any>): void {
  let bytes: Uint8Array;
  const { record } = run as unknown as { record: Any };
  try {
    bytes = writePeerArtifact(record);
  } catch (error) {
    const { message } = error as Error;
    assert(/Python|NumPy/.test(message), message);
    return;
  }
  const back = readPeerArtifact(bytes).record;
  assertEquals(back.checkpoints.length, record.checkpoints.length);
  for (let block = 0; block < back.checkpoints.length; block++) {
    // Nothing is frozen in Python, and a dict has no prototype.
    const plain = thawed(decodeState(record.checkpoints.bytesAt(block)));
    assertEquals(
      encodeState(thawed(decodeState(back.checkpoints.bytesAt(block)))),
      encodeState(plain),
      `peer, block ${block}`,
    );
  }
}

/** A state without what Python has no word for. */
function thawed(state: Any): unknown {
  const made = new Map<object, unknown>();
  const copy = (value: Any): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (made.has(value)) return made.get(value);
    if (Array.isArray(value)) {
      const list: unknown[] = [];
      made.set(value, list);
      for (const part of value) list.push(copy(part));
      return list;
    }
    // Sets have no order there: they come back in one of their own.
    if (value instanceof Set) return new Set([...value].sort());
    if (value instanceof Map) {
      const map = new Map();
      made.set(value, map);
      for (const [key, part] of value) map.set(key, copy(part));
      return map;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return value;
    const object: Record<string, unknown> = {};
    made.set(value, object);
    for (const name of Object.keys(value)) object[name] = copy(value[name]);
    return object;
  };
  return copy(state);
}

interface Checked {
  readonly model: Model;
  readonly run: Run<Any>;
  readonly plain: Plain;
  readonly chance: Chance;
  readonly all: (run: Run<Any>) => Any[];
  readonly same: (actual: readonly Any[], expected: readonly Uint8Array[], what: string) => void;
}

/** Branches: with draws of their own from a changed state, and with the parent's. */
function checkBranches({ model, run, plain, chance, all, same }: Checked): void {
  const T = plain.states.length;
  const t = chance.below(T);
  const kept = run.branch(t, { seed: "same" });
  same(all(kept).slice(0, T - t), plain.states.slice(t), `branch at ${t} with the same draws`);
  const fork = run.branch(t, { mutate: (s: Any) => void (s.age += 100) });
  const state = run.get(t);
  state.age += 100;
  const again = plainRun(model, instantiate(model), {
    state,
    seed: deriveBranchSeed(model.seed, t),
    blockSize: fork.blockSize,
    steps: run.steps - t,
    origin: t,
    inputs: model.inputs?.slice(t),
  });
  same(all(fork), again.states, `branch at ${t}`);
  fork.verify({ full: true });
}

/** Recordings that grow: extend, a recorder that the caller drives, one that is left and resumed. */
async function checkGrowth({ model, exports, run, options, folder, chance }: {
  readonly model: Model;
  readonly exports: Exports;
  readonly run: Run<Any>;
  readonly options: Any;
  readonly folder: string;
  readonly chance: Chance;
}): Promise<void> {
  const { steps, inputs, failsAt, number } = model;
  if (failsAt !== undefined || steps < 3 || number % 3 !== 0) return;
  const { step, codec, observe } = exports;
  const hash = await run.contentHash();
  const early = 1 + chance.below(steps - 1);
  const short = record(step, {
    ...options,
    steps: early,
    ...(inputs === undefined ? {} : { inputs: inputs.slice(0, early - 1) }),
  }) as Run<Any>;
  const longer = short.extend(
    steps,
    inputs === undefined ? {} : { inputs: inputs.slice(early - 1) },
  );
  assertEquals(await longer.contentHash(), hash, `extended from ${early}`);
  const path = `${folder}/${number}.replay`;
  const { inputs: _, ...driven } = options;
  const recorder = await openRecorder(step, { ...driven, path }) as Any;
  for (let t = 0; t < early - 1; t++) recorder.advance(inputs?.[t]);
  recorder.leave();
  const resumed = await resumeRecorder<Any>(step, {
    path,
    observe,
    ...(codec && { codec }),
  }) as Any;
  for (let t = resumed.t; t < steps - 1; t++) resumed.advance(inputs?.[t]);
  const closed = resumed.close();
  assertEquals(await closed.contentHash(), hash, `resumed at ${early}`);
}
