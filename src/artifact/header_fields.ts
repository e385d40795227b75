/**
 * The fields of an artifact's header, one row each: how it is written, how it is read and checked, and how `info` and
 * the page show it. A new field is one row here and one line in {@linkcode Header}, and in `docs/format.md`.
 * This module is browser compatible.
 *
 * @module
 */

import { sha256Sync } from "../bytes/sha256.ts";
import { formatValue } from "../codec/format_value.ts";
import { blockCount, gridPhase } from "../engine/block_grid.ts";
import { isShims } from "../engine/shims.ts";
import type { MathKind, RunFailure, RunRecord, Shims, StorageBudget } from "../engine/types.ts";
import { type GeneratorState, isGeneratorState, RNG_NAMES } from "../rng/backends.ts";
import { SEED_BITS_MAX, STEPS_MAX } from "../limits.ts";
import { isSeed } from "../rng/derive_seed.ts";
import { escapeText } from "../text/escape_text.ts";
import { byteText, counted, grouped } from "../text/quantity.ts";
import {
  badHeader,
  cutText,
  hashBytes,
  isPlainObject,
  optional,
  readHash,
  readInteger,
  readText,
  readWord,
} from "./header_values.ts";
import { type Header, type HeaderPart, SEED_DERIVATION } from "./header_shape.ts";
import { encodeObserved, readObserved } from "./observed_field.ts";

/** One field of the header. */
export interface HeaderField<T> {
  /** Where it stands. */
  readonly part: HeaderPart;
  /** The value to write, plain data; undefined leaves the field out. */
  encode(record: RunRecord): unknown;
  /**
   * Reads what {@linkcode HeaderField.encode} wrote; undefined where the field is left out.
   *
   * @throws {ArtifactIntegrityError} If no run has such a value.
   */
  decode(value: unknown, field: string): T;
  /** What `info` and the page call it; without a label they do not show it. */
  readonly label?: string;
  /**
   * What they show, printable on any terminal; undefined for nothing. Text from outside is escaped here.
   */
  text?(value: T, header: Header): string | undefined;
}

const MATH_KINDS: readonly MathKind[] = ["engine", "portable"];

/** Longest text of the parameters that is shown. */
const PARAMS_TEXT_UNITS_MAX = 1024;

/** All fields, in the order in which they are shown and, within their part, written. */
export const HEADER_FIELDS: { readonly [K in keyof Header]-?: HeaderField<Header[K]> } = {
  stepId: {
    part: "front",
    encode: ({ stepId }) => stepId,
    decode: readText,
    label: "step",
    text: (stepId) => escapeText(stepId, { quote: true }),
  },
  steps: {
    part: "end",
    encode: ({ steps }) => steps,
    decode: (value, field) => readInteger(value, field, { min: 1, max: STEPS_MAX }),
    label: "steps",
    text: (steps) => grouped(steps),
  },
  seed: {
    part: "front",
    encode: ({ seed }) => Number.isSafeInteger(Number(seed)) ? Number(seed) : seed,
    decode: readSeed,
    label: "seed",
    text: (seed) => `${seed}`,
  },
  rng: {
    part: "front",
    encode: ({ rng }) => rng,
    decode: (value, field) => readWord(value, field, RNG_NAMES),
    label: "rng",
    text: (rng) => rng,
  },
  seeds: {
    part: "front",
    encode: () => SEED_DERIVATION,
    decode: (value, field) => readWord(value, field, [SEED_DERIVATION]),
  },
  blockSize: {
    part: "front",
    encode: ({ blockSize }) => blockSize,
    decode: (value, field) => readInteger(value, field, { min: 1, max: STEPS_MAX }),
    label: "blocks",
    text: (blockSize, header) => `${grouped(blockCount(header))} of ${counted(blockSize, "state")}`,
  },
  params: {
    part: "front",
    encode: ({ params }) => params,
    decode: (value) => value,
    label: "params",
    text: (params) =>
      params === undefined ? undefined : formatValue(params, { maxLength: PARAMS_TEXT_UNITS_MAX }),
  },
  sourceHash: {
    part: "front",
    encode: ({ source, sourceHash }) =>
      source === undefined ? hashBytes(sourceHash) : sha256Sync(new TextEncoder().encode(source)),
    decode: optional(readHash),
  },
  origin: {
    part: "front",
    encode: ({ origin }) => origin === 0 ? undefined : origin,
    decode: (value, field) =>
      value === undefined ? 0 : readInteger(value, field, { min: 1, max: STEPS_MAX }),
    label: "origin",
    text: (origin) => origin === 0 ? undefined : `step ${grouped(origin)} of the root run`,
  },
  gridOffset: {
    part: "front",
    encode: ({ gridOffset }) => gridOffset === 0 ? undefined : gridOffset,
    decode: (value, field) =>
      value === undefined ? 0 : readInteger(value, field, { min: 1, max: STEPS_MAX }),
    label: "draws",
    text: (gridOffset) =>
      gridOffset === 0
        ? undefined
        : `those of the run with this seed from step ${grouped(gridOffset)} on`,
  },
  generatorState: {
    part: "front",
    encode: ({ generatorState }) => generatorState,
    decode: (value) => value as GeneratorState | undefined,
  },
  budget: {
    part: "front",
    encode: ({ budget }) => budget && [budget.bytesMax, budget.checkpointsMax],
    decode: optional(readBudget),
    label: "budget",
    text: (budget) =>
      budget && [
        budget.bytesMax === undefined ? [] : `${byteText(budget.bytesMax)}`,
        budget.checkpointsMax === undefined ? [] : counted(budget.checkpointsMax, "checkpoint"),
      ].flat().join(", "),
  },
  stride: {
    part: "end",
    encode: ({ stride }) => stride === 1 ? undefined : stride,
    decode: (value, field) =>
      value === undefined ? 1 : readInteger(value, field, { min: 2, max: STEPS_MAX }),
    label: "stride",
    text: (stride) =>
      stride === 1 ? undefined : `every ${grouped(stride)} blocks a checkpoint is stored`,
  },
  start: {
    part: "front",
    encode: ({ start }) => start === "given" ? start : undefined,
    decode: optional((value, field) => readWord(value, field, ["given"])),
  },
  shims: {
    part: "front",
    encode: ({ shims }) => shims,
    decode: optional(readShims),
    label: "shims",
    text: (shims) => shims === undefined ? undefined : shimsText(shims),
  },
  branchPoint: {
    part: "front",
    encode: ({ branchPoint }) => branchPoint,
    decode: optional((value, field) => readInteger(value, field, { min: 0, max: STEPS_MAX })),
    label: "branch",
    text: (branchPoint, { parentHash }) =>
      branchPoint === undefined
        ? undefined
        : `from step ${branchPoint} of ${parentHash ?? "an unsaved run"}`,
  },
  parentHash: {
    part: "front",
    encode: ({ parentHash }) => hashBytes(parentHash),
    decode: optional(readHash),
  },
  observables: {
    part: "front",
    encode: ({ observables }) => observables.length === 0 ? undefined : [...observables],
    decode: (value, field) => value === undefined ? [] : readTexts(value, field),
  },
  observed: {
    part: "end",
    encode: encodeObserved,
    decode: readObserved,
  },
  failure: {
    part: "end",
    encode: ({ failure }) =>
      failure === undefined ? undefined : { t: failure.t, error: cutText(failure.error) },
    decode: optional(readFailure),
    label: "failure",
    text: (failure) =>
      failure === undefined ? undefined : `at step ${failure.t}: ${escapeText(failure.error)}`,
  },
  math: {
    part: "notes",
    encode: ({ math }) => math,
    decode: (value, field) => readWord(value, field, MATH_KINDS),
    label: "math",
    text: (math) => math,
  },
  unguarded: {
    part: "notes",
    encode: ({ unguarded }) => unguarded,
    decode: optional(readTrue),
    label: "guards",
    text: (unguarded) => unguarded && "off: nobody looked for mistakes that make answers wrong",
  },
};

/** Checks what fields say about each other. @throws {ArtifactIntegrityError} If they disagree. */
export function checkFields(header: Header): void {
  const { steps, rng, generatorState, stride, failure, observables, observed } = header;
  if (observables.length !== observed.length || observed.some(({ count }) => count !== steps)) {
    throw badHeader("has other statistics than of every state and observable");
  }
  if ((generatorState === undefined) !== (gridPhase(header) === 0)) {
    throw badHeader("has a state of the generator where a block starts, or none within one");
  }
  if (generatorState !== undefined && !isGeneratorState(rng, generatorState)) {
    throw badHeader("has no state of its generator as 'generatorState'");
  }
  // A stride doubles from 1.
  if (!Number.isInteger(Math.log2(stride))) throw badHeader("has no power of two as 'stride'");
  if (failure !== undefined && failure.t !== steps) {
    throw badHeader("names a failure at another step than the run's end");
  }
}

function readTrue(value: unknown, field: string): true {
  if (value !== true) throw badHeader(`has something else than true as '${field}'`);
  return value;
}

function readShims(value: unknown, field: string): Shims {
  if (!isShims(value)) throw badHeader(`has no choice of shims as '${field}'`);
  return value;
}

function shimsText({ clock, random, load }: Shims): string {
  const names = [
    clock &&
    `clock (${clock.stepMs} ms per step from ${new Date(clock.originMs).toISOString()} on)`,
    random && "random",
    load && "load",
  ];
  return names.filter((name) => name).join(", ");
}

function readTexts(value: unknown, field: string): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size !== value.length) {
    throw badHeader(`has no list of names as '${field}'`);
  }
  return value.map((name) => readText(name, field));
}

/** The two limits, each a whole number or undefined, and not both undefined. */
function readBudget(value: unknown, field: string): StorageBudget {
  if (!Array.isArray(value) || value.length !== 2 || value.every((limit) => limit === undefined)) {
    throw badHeader(`has no two limits as '${field}'`);
  }
  const [bytesMax, checkpointsMax] = value.map((limit, i) =>
    limit === undefined
      ? undefined
      : readInteger(limit, field, { min: [1, 2][i]!, max: Number.MAX_SAFE_INTEGER })
  );
  return { bytesMax, checkpointsMax };
}

function readSeed(value: unknown): bigint {
  if (typeof value === "bigint") {
    // One form per seed: what fits a safe integer is stored as one.
    if (Number.isSafeInteger(Number(value))) {
      throw badHeader("stores 'seed' in a longer form than needed");
    }
    if (!isSeed(value)) throw badHeader(`has a 'seed' of more than ${SEED_BITS_MAX} bits`);
    return value;
  }
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return BigInt(value as number);
  throw badHeader("has no integer as 'seed'");
}

function readFailure(value: unknown): RunFailure {
  if (!isPlainObject(value) || Object.keys(value).join() !== "t,error") {
    throw badHeader("has a bad 'failure'");
  }
  return {
    t: readInteger(value.t, "failure.t", { min: 1, max: STEPS_MAX }),
    error: readText(value.error, "failure.error"),
  };
}
