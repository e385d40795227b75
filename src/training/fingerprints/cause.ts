/**
 * The cause of a difference inside a step, and how it is said.
 * This module is browser compatible.
 *
 * @module
 */

import type { FingerprintRecord } from "./record.ts";

/** What may differ first. */
export const CAUSE_KINDS = [
  "generator",
  "data order",
  "data",
  "initialization",
  "forward",
  "backward",
  "gradient",
  "optimizer state",
  "optimizer",
  "scheduler",
  "weights",
  "buffer",
  "dtype",
  "shape",
  "inserted operation",
  "removed operation",
  "not recorded",
  "length",
] as const;

/** One of {@linkcode CAUSE_KINDS}. */
export type CauseKind = typeof CAUSE_KINDS[number];

/** The first thing that differs while all that it was computed from agrees. */
export interface FingerprintCause {
  /** Step in which it differs, counted from 0. */
  readonly step: number;
  /** Last recorded step in which everything agreed, where steps between were not recorded; else undefined. */
  readonly after: number | undefined;
  /** What it is. */
  readonly kind: CauseKind;
  /** Name of the generator, loader, module, parameter or operation. */
  readonly name: string;
  /** Module that it belongs to, where one is known. */
  readonly module: string | undefined;
  /** Where the difference was felt first, for a generator: the first record that rests on it. */
  readonly felt:
    | { readonly step: number; readonly kind: string; readonly name: string }
    | undefined;
  /** One line that says it. */
  readonly text: string;
  /** What to do to learn more, or to mend it. */
  readonly advice: string | undefined;
  /** The records themselves; undefined for a run that lacks it. */
  readonly records: readonly [FingerprintRecord | undefined, FingerprintRecord | undefined];
}

const ADVICE: Readonly<Partial<Record<CauseKind, string>>> = {
  generator: "seed it before anything is drawn from it, and draw from it in the same places",
  "data order": "give the sampler or DataLoader a generator with a seed, and restore it on resume",
  data:
    "seed what makes the samples (augmentation, workers: worker_init_fn), and check the files that are read",
  initialization: "set the seed before the model is made, or load the same checkpoint",
  "optimizer state": "save and load optimizer.state_dict() with the weights",
  scheduler: "save and load the scheduler's state_dict() with the optimizer's",
  "not recorded": "record every step: --fingerprint-every 1",
};

/** What may be done about a kind of cause. */
export function adviceFor(kind: CauseKind): string | undefined {
  return ADVICE[kind];
}

/** The module of a parameter or buffer: its name without the last part. */
export function moduleOfParameter(name: string): string | undefined {
  const end = name.lastIndexOf(".");
  return end > 0 ? name.slice(0, end) : undefined;
}

/** The module and the operation of a `backward` record, `layers.0: AddmmBackward0`. */
export function operationOf(name: string): { module: string | undefined; operation: string } {
  const at = name.indexOf(": ");
  if (at < 0) return { module: undefined, operation: name };
  const module = name.slice(0, at);
  return {
    module: module === "outside of modules" ? undefined : module,
    operation: name.slice(at + 2),
  };
}
