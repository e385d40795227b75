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
export interface StepSituation {
  /** The step, as the first run counts. */
  readonly step: number;
  /** Last recorded step before it; undefined for the first. */
  readonly before: number | undefined;
  /** Whether modules and operations are recorded. */
  readonly isFull: boolean;
  /** What the two runs are called. */
  readonly names: readonly [string, string];
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
  const drawn = situation.drawnBefore(first);
  // What one run alone does is itself the cause, unless it did it because of what was drawn before.
  if (!isOneSided && drawn.length > 0) return generatorCause(drawn[0]!, first, situation);
  const edited = pairs.find((pair) => (pair.a ?? pair.b)!.kind === "before" && pairDiffers(pair));
  if (edited !== undefined && !["order", "batch", "initial"].includes((first.a ?? first.b)!.kind)) {
    return editedCause(edited, situation);
  }
  if (isOneSided) return oneSidedCause(first, situation);
  const root = inputsAgree(first.a!, first.b!) ? first : pairs.slice(at + 1).find((pair) =>
    // Only records that say what went in can be told to agree there: all others rest on the first.
    pair.a?.inputs !== undefined && pair.b?.inputs !== undefined && pair.a.kind === first.a!.kind &&
    inputsAgree(pair.a, pair.b) && pair.a.hash !== pair.b.hash
  );
  return root === undefined
    ? unexplainedCause(first, situation)
    : outputCause(root, first, pairs, situation);
}

type Situation = Pick<StepSituation, "step" | "before" | "isFull" | "names">;

interface Said {
  kind: CauseKind;
  name: string;
  module?: string | undefined;
  text: string;
  advice?: string | undefined;
  felt?: FingerprintCause["felt"];
  step?: number;
}

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
  const said = say(root, situation);
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
  return cause({ ...said, text: `${said.text}${where}, though its inputs agree` }, root, situation);
}

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

/** Whether element types or shapes differ, and which. */
function typeKind({ a, b }: RecordPair): "dtype" | "shape" | undefined {
  if (a?.type === undefined || b?.type === undefined || a.type === b.type) return undefined;
  const dtypes = (type: string): string => type.replace(/\[[^\]]*\]/g, "");
  return dtypes(a.type) === dtypes(b.type) ? "shape" : "dtype";
}

const FULL = "--fingerprint full names the module and operation";

/** The record in words, with what its kind means. */
function say(pair: RecordPair, { isFull, names }: Situation): Said {
  const { kind, name } = pair.a!;
  const module = moduleOfParameter(name);
  const values = valuesText(pair, names);
  switch (kind) {
    case "order":
      return { kind: "data order", name, text: `${name} takes other samples, or in another order` };
    case "batch":
      return {
        kind: "data",
        name,
        text: `the batch of ${name} differs, its sample numbers do not`,
      };
    case "initial":
      return { kind: "initialization", name, module, text: `the initial ${name} differs` };
    case "initial state":
      return {
        kind: "optimizer state",
        name,
        module,
        text: `the initial optimizer state of ${name} differs`,
      };
    case "forward":
      return { kind: "forward", name, module: name, text: `the forward pass of ${name} differs` };
    case "loss":
      return isFull
        ? { kind: "forward", name, text: `the loss differs outside of all modules${values}` }
        : {
          kind: "forward",
          name,
          text: `the forward pass or the loss differs${values}`,
          advice: FULL,
        };
    case "buffer":
      return { kind: "buffer", name, module, text: `buffer ${name} differs` };
    case "backward": {
      const found = operationOf(name);
      const text = `the backward pass of ${found.operation} in ${
        found.module ?? "no module"
      } differs`;
      return {
        kind: "backward",
        name: found.module ?? found.operation,
        module: found.module,
        text,
      };
    }
    case "gradient":
      return isFull
        ? {
          kind: "gradient",
          name,
          module,
          text: `the gradient of ${name} differs after the backward pass`,
        }
        : {
          kind: "backward",
          name,
          module,
          text: `the gradient of ${name} differs, the loss does not`,
          advice: FULL,
        };
    case "settings":
      return { kind: "scheduler", name, text: `the settings of ${name} differ${values}` };
    case "state":
      return {
        kind: "optimizer state",
        name,
        module,
        text: `the optimizer's state of ${name} differs`,
      };
    case "weight":
      return { kind: "optimizer", name, module, text: `the optimizer's update of ${name} differs` };
    default:
      return { kind: "forward", name, module, text: `${kind} of ${name} differs` };
  }
}

/** Small values that differ, such as a learning rate. */
function valuesText({ a, b }: RecordPair, names: readonly [string, string]): string {
  if (a?.value === undefined || b?.value === undefined) return "";
  const pick = (value: unknown, other: unknown): string => {
    if (!Array.isArray(value) || !Array.isArray(other)) return String(value);
    for (const [i, group] of value.entries()) {
      for (const key of Object.keys(group ?? {})) {
        if (group[key] !== other[i]?.[key]) return `${key} ${group[key]}`;
      }
    }
    return "";
  };
  const [one, two] = [pick(a.value, b.value), pick(b.value, a.value)];
  return one === "" || one === two ? "" : ` (${names[0]}: ${one}, ${names[1]}: ${two})`;
}
