/**
 * The one rule: the first record whose output differs while all its inputs agree is the cause.
 * This module is browser compatible.
 *
 * @module
 */

import type { RecordPair } from "./align.ts";
import {
  adviceFor,
  type CauseKind,
  type FingerprintCause,
  moduleOfParameter,
  operationOf,
} from "./cause.ts";
import type { FingerprintRecord } from "./record.ts";
import { type Said, sayRecord, type Situation, typeKind } from "./record_text.ts";

/** A generator whose state differs where it was drawn from. */
export interface GeneratorDifference {
  /** Its name. */
  readonly name: string;
  /** First step of those on end in which its state differs. */
  readonly step: number;
  /** Whether it agreed before that. */
  readonly agreed: boolean;
  /** Its last record in each run. */
  readonly records: FingerprintCause["records"];
}

/** What is known around the step. */
export interface StepSituation extends Situation {
  /** Generators that differ and were drawn from just before a record. */
  readonly drawnBefore: (pair: RecordPair) => readonly GeneratorDifference[];
}

/** Whether a pair shows a difference, in what came out or in what went in. */
export function pairDiffers({ a, b }: RecordPair): boolean {
  return a === undefined || b === undefined || a.hash !== b.hash || !inputsAgree(a, b);
}

function inputsAgree(a: FingerprintRecord, b: FingerprintRecord): boolean {
  const [x, y] = [a.inputs ?? [], b.inputs ?? []];
  return x.length === y.length && x.every((hash, i) => hash === y[i]);
}

/** The cause among the records of the first step that differs; undefined if all of it agrees. */
export function findCause(
  pairs: readonly RecordPair[],
  situation: StepSituation,
): FingerprintCause | undefined {
  const at = pairs.findIndex(pairDiffers);
  if (at < 0) return undefined;
  const first = pairs[at]!;
  const isOneSided = first.a === undefined || first.b === undefined;
  const drawn = situation.drawnBefore(first).filter((found) => !isOwnDraw(found, pairs, first));
  // What one run alone does is itself the cause, unless it did it because of what was drawn before.
  if (!isOneSided && drawn.length > 0) return generatorCause(drawn[0]!, first, situation);
  const edited = pairs.find((pair) => (pair.a ?? pair.b)!.kind === "before" && pairDiffers(pair));
  if (edited !== undefined && !["order", "batch", "initial"].includes((first.a ?? first.b)!.kind)) {
    return editedCause(edited, situation);
  }
  // Without a loader weights are first seen as the optimizer steps, after what was computed from them.
  const initial = pairs.find((pair) => pair.a?.kind === "initial" && pairDiffers(pair));
  if (initial?.b !== undefined && COMPUTED.has((first.a ?? first.b)!.kind)) {
    return outputCause(initial, initial, pairs, situation);
  }
  if (isOneSided) return oneSidedCause(first, situation);
  const root = inputsAgree(first.a!, first.b!) ? first : enclosingCause(pairs, at);
  return root === undefined
    ? unexplainedCause(first, situation)
    : outputCause(root, first, pairs, situation);
}

/** Kinds of records of what is computed from weights. */
const COMPUTED: ReadonlySet<string> = new Set(["forward", "backward", "loss"]);

/** Whether a generator differs only as an operation that was inserted into a module draws from it. */
function isOwnDraw(
  found: GeneratorDifference,
  pairs: readonly RecordPair[],
  { a, b }: RecordPair,
): boolean {
  return a !== undefined && b !== undefined && a.kind === "forward" && found.agreed &&
    inputsAgree(a, b) && grownGraph(pairs, a.name) !== undefined;
}

/**
 * The module around the first one that differs, where its inputs agree and code of its own came before that one.
 * Its record follows. After the forward pass weights may differ, and what is computed from them is no cause.
 */
function enclosingCause(pairs: readonly RecordPair[], at: number): RecordPair | undefined {
  for (const pair of pairs.slice(at)) {
    const { a, b } = pair;
    if (!FORWARD_PASS.has((a ?? b)!.kind)) return undefined;
    if (a?.kind !== "forward" || b?.kind !== "forward") continue;
    // Only records that say what went in can be told to agree there: all others rest on the first.
    if (a.inputs === undefined || b.inputs === undefined) continue;
    if (inputsAgree(a, b) && a.hash !== b.hash) return pair;
  }
  return undefined;
}

/** Kinds of records that a forward pass may have. */
const FORWARD_PASS: ReadonlySet<string> = new Set([
  "forward",
  "generator",
  "order",
  "batch",
  "held weight",
]);

function cause(said: Said, pair: RecordPair, { step, before }: Situation): FingerprintCause {
  const at = said.step ?? step;
  const isGap = before !== undefined && before < at - 1;
  return {
    step: at,
    after: isGap ? before : undefined,
    kind: said.kind,
    name: said.name,
    module: said.module,
    felt: said.felt,
    text: `step ${at}${
      isGap ? ` (steps ${before + 1} to ${at - 1} were not recorded)` : ""
    }: ${said.text}`,
    advice: "advice" in said ? said.advice : adviceFor(said.kind),
    records: [pair.a, pair.b],
  };
}

function generatorCause(
  found: GeneratorDifference,
  first: RecordPair,
  situation: Situation,
): FingerprintCause {
  const { kind, name } = (first.a ?? first.b)!;
  const [one, other] = found.records;
  const how = one === undefined || other === undefined
    ? `was drawn from only in ${situation.names[one === undefined ? 1 : 0]}`
    : found.agreed
    ? "differs, though it agreed before: it was seeded or drawn from differently"
    : "differs since it was first drawn from: it was not seeded alike";
  return cause(
    {
      kind: "generator",
      name: found.name,
      text: `generator ${found.name} ${how}; felt first in ${kind} of ${name}` +
        (found.step === situation.step ? "" : ` at step ${situation.step}`),
      felt: { step: situation.step, kind, name },
      step: found.step,
    },
    { a: one, b: other },
    found.step === situation.step ? situation : { ...situation, before: undefined },
  );
}

function editedCause(pair: RecordPair, situation: Situation): FingerprintCause {
  const { name } = (pair.a ?? pair.b)!;
  const isGap = situation.before !== undefined && situation.before < situation.step - 1;
  return cause(
    {
      kind: isGap ? "not recorded" : "weights",
      name,
      module: moduleOfParameter(name),
      text: isGap
        ? `weight ${name} differs before the step: the cause lies in the steps that were not recorded`
        : `weight ${name} was changed between steps, and not by the optimizer`,
    },
    pair,
    situation,
  );
}

/** By the kind of a record that only one run has. */
const ONE_SIDED: Readonly<Record<string, CauseKind>> = {
  order: "data order",
  batch: "data",
  initial: "initialization",
  "initial state": "optimizer state",
  loss: "forward",
  settings: "scheduler",
  "held weight": "weights",
  buffer: "buffer",
  gradient: "backward",
  state: "optimizer state",
  weight: "optimizer",
};

function oneSidedCause(pair: RecordPair, situation: Situation): FingerprintCause {
  const { kind, name } = (pair.a ?? pair.b)!;
  const isInserted = pair.a === undefined;
  const which = situation.names[isInserted ? 1 : 0];
  const isOperation = kind === "forward" || kind === "backward";
  const { module } = kind === "backward" ? operationOf(name) : { module: name };
  return cause(
    {
      kind: isOperation
        ? isInserted ? "inserted operation" : "removed operation"
        : ONE_SIDED[kind] ?? "length",
      name,
      module: isOperation ? module : moduleOfParameter(name),
      text: `only ${which} has ${kind} of ${name}` +
        (isOperation ? `: an operation that was ${isInserted ? "inserted" : "removed"}` : ""),
    },
    pair,
    situation,
  );
}

/** A record whose inputs differ, though nothing before it does: what gave it those was not recorded. */
function unexplainedCause(pair: RecordPair, situation: Situation): FingerprintCause {
  const { kind, name } = pair.a!;
  if (kind === "backward") {
    const { module, operation } = operationOf(name);
    return cause(
      {
        kind: "backward",
        name: module ?? operation,
        module,
        text:
          `the gradient that reaches ${operation} of ${
            module ?? "no module"
          } differs, and nothing before ` +
          "it does: a hook on its output, or an operation of its own",
      },
      pair,
      situation,
    );
  }
  const types = typeKind(pair);
  return cause(
    {
      kind: types ?? "data",
      name,
      module: name,
      text:
        `the input of ${name} differs, and nothing recorded before it does: the data that the script gives ` +
        "to the model",
    },
    pair,
    situation,
  );
}

function outputCause(
  root: RecordPair,
  first: RecordPair,
  pairs: readonly RecordPair[],
  situation: Situation,
): FingerprintCause {
  const { kind, name } = root.a!;
  const said = sayRecord(root, situation);
  const where = root === first
    ? ""
    : `, in code of its own before ${first.a!.kind} of ${first.a!.name}`;
  const types = typeKind(root) ?? (root === first ? undefined : typeKind(first));
  const typed = typeKind(root) === undefined ? first : root;
  const grown = kind === "forward" ? grownGraph(pairs, name) : undefined;
  if (types !== undefined || grown?.isCast) {
    const change = types === undefined
      ? "a cast was added or left out"
      : `${typed.a!.type} became ${typed.b!.type}`;
    return cause(
      {
        ...said,
        kind: types ?? "dtype",
        text: `${said.text}${where}: ${change}`,
        advice: undefined,
      },
      root,
      situation,
    );
  }
  if (grown !== undefined) {
    const word = grown.isInserted ? "inserted" : "removed";
    return cause(
      {
        ...said,
        kind: `${word} operation`,
        text: `${said.text}${where}: ${grown.operation} was ${word}`,
        advice: undefined,
      },
      root,
      situation,
    );
  }
  const agree = HAS_INPUTS.has(kind) ? ", though its inputs agree" : "";
  return cause({ ...said, text: `${said.text}${where}${agree}` }, root, situation);
}

/** Kinds of records that are computed from others. */
const HAS_INPUTS: ReadonlySet<string> = new Set([
  "forward",
  "backward",
  "buffer",
  "state",
  "weight",
]);

/** An operation that only one run has in the graph of a module; casts are told apart. */
function grownGraph(
  pairs: readonly RecordPair[],
  module: string,
): { operation: string; isInserted: boolean; isCast: boolean } | undefined {
  for (const pair of pairs) {
    const lone = pair.a === undefined ? pair.b : pair.b === undefined ? pair.a : undefined;
    if (lone?.kind !== "backward") continue;
    const found = operationOf(lone.name);
    if (found.module !== module) continue;
    const isCast = /^ToCopy/.test(found.operation);
    return { operation: found.operation, isInserted: pair.a === undefined, isCast };
  }
  return undefined;
}
