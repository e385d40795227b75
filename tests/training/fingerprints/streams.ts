/**
 * Streams of fingerprints as a run of a small model writes them, made from a list of what each step has.
 *
 * @module
 */

import type { FingerprintRecord } from "../../../src/training/fingerprints/record.ts";

/** A record without its step. */
export type Part = Omit<FingerprintRecord, "step">;

/** One record; its hash is its value as a text. */
export function part(
  kind: string,
  name: string,
  hash: unknown = 0,
  more: Partial<Part> = {},
): Part {
  return { kind, name, hash: String(hash), ...more };
}

/** The steps of a run with two layers at the level `step`. */
export function plainSteps(count: number): Part[][] {
  return Array.from({ length: count }, (_, step) => [
    part("generator", "torch", `batch ${step}`),
    ...(step > 0
      ? []
      : [part("initial", "fc1.weight", "start"), part("initial", "fc2.weight", "start")]),
    part("order", "DataLoader 1", step),
    part("batch", "DataLoader 1", step, { type: "float32[8,4]" }),
    part("generator", "torch", `dropout ${step}`),
    part("loss", "loss", step, { type: "float32[]", value: "0.5" }),
    part("settings", "optimizer 0", step, { value: [{ lr: 0.1 }] }),
    part("gradient", "fc2.weight", step),
    part("gradient", "fc1.weight", step),
    part("state", "fc1.weight", step),
    part("state", "fc2.weight", step),
    part("weight", "fc1.weight", step),
    part("weight", "fc2.weight", step),
  ]);
}

/** The same at the level `full`. */
export function fullSteps(count: number): Part[][] {
  return plainSteps(count).map((records, step) => {
    const at = records.findIndex((record) => record.kind === "loss");
    const forward = (name: string, from: string): Part =>
      part("forward", name, `${name} ${step}`, {
        inputs: [`${from} ${step}`],
        type: "float32[8,4]",
      });
    return [
      ...records.slice(0, at),
      forward("fc1", "x"),
      forward("fc2", "relu"),
      part("forward", "Net", `fc2 ${step}`, { inputs: [`x ${step}`] }),
      records[at]!,
      part("backward", "outside of modules: NllLoss", `g2 ${step}`, { inputs: [`one ${step}`] }),
      part("backward", "fc2: Addmm", `g1 ${step}`, { inputs: [`g2 ${step}`] }),
      part("backward", "Net: Relu", `g0 ${step}`, { inputs: [`g1 ${step}`] }),
      part("backward", "fc1: Addmm", `end ${step}`, { inputs: [`g0 ${step}`] }),
      ...records.slice(at + 1),
    ];
  });
}

/** How a stream is written. */
export interface StreamOptions {
  readonly level?: string;
  readonly every?: number;
  readonly hash?: string;
  /** The last line; null for a process that was killed. */
  readonly end?: unknown;
}

/** The text of a stream. */
export function streamText(
  steps: readonly (readonly Part[])[],
  { level = "step", every = 1, hash = "test", end = { end: "exit" } }: StreamOptions = {},
): string {
  const lines: unknown[] = [{ rewind: "fingerprints", version: 1, level, every, hash }];
  steps.forEach((records, i) =>
    lines.push(...records.map((record) => ({ step: i * every, ...record })))
  );
  if (end !== null) lines.push(end);
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
