/**
 * What a record that differs is called, and what its kind means for the cause.
 * This module is browser compatible.
 *
 * @module
 */

import type { RecordPair } from "./align.ts";
import { type CauseKind, type FingerprintCause, moduleOfParameter, operationOf } from "./cause.ts";

/** What the words need to know of the runs. */
export interface Situation {
  /** The step, as the first run counts. */
  readonly step: number;
  /** Last recorded step before it; undefined for the first. */
  readonly before: number | undefined;
  /** Whether modules and operations are recorded. */
  readonly isFull: boolean;
  /** What the two runs are called. */
  readonly names: readonly [string, string];
}

/** A cause in words, without its place. */
export interface Said {
  /** What it is. */
  kind: CauseKind;
  /** Whose it is. */
  name: string;
  /** Module that it belongs to. */
  module?: string | undefined;
  /** One line. */
  text: string;
  /** What to do; the advice for the kind where this is missing. */
  advice?: string | undefined;
  /** Where it was felt. */
  felt?: FingerprintCause["felt"];
  /** Its step, where that is another than the one that differs first. */
  step?: number;
}

/** Whether element types or shapes differ, and which. */
export function typeKind({ a, b }: RecordPair): "dtype" | "shape" | undefined {
  if (a?.type === undefined || b?.type === undefined || a.type === b.type) return undefined;
  const dtypes = (type: string): string => type.replace(/\[[^\]]*\]/g, "");
  return dtypes(a.type) === dtypes(b.type) ? "shape" : "dtype";
}

const FULL = "--fingerprint full names the module and operation";

/** The record in words, with what its kind means. */
export function sayRecord(pair: RecordPair, { isFull, names, step }: Situation): Said {
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
    case "held weight":
      return {
        kind: step === 0 ? "initialization" : "weights",
        name,
        module,
        text: `${name}, which no optimizer trains, differs before it is used`,
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
