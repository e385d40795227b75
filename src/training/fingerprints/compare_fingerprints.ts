/**
 * Compares two streams of fingerprints step by step and names the cause of the first difference.
 *
 * @module
 */

import { alignRecords, type RecordPair } from "./align.ts";
import type { FingerprintCause } from "./cause.ts";
import { findCause, type GeneratorDifference, pairDiffers } from "./find_cause.ts";
import { GeneratorStates } from "./generator_states.ts";
import { LoadedAhead } from "./loaded_ahead.ts";
import { type FingerprintStep, type FingerprintStream, openFingerprints } from "./read_stream.ts";
import type { FingerprintRecord } from "./record.ts";

/** What a comparison of two streams found. */
export interface FingerprintComparison {
  /** "nothing_compared" if no step is in both, or the streams were made differently. */
  readonly verdict: "agree" | "differ" | "nothing_compared";
  /** The first thing that differs while its inputs agree; undefined unless they differ. */
  readonly cause: FingerprintCause | undefined;
  /** Steps that are in both streams, up to the one that differs. */
  readonly steps: number;
  /** Records compared. */
  readonly records: number;
  /** What was recorded: `step` or `full`. */
  readonly level: string;
  /** Why nothing was compared. */
  readonly reasons: readonly string[];
  /** What else there is to know, such as a stream that ends early. */
  readonly notes: readonly string[];
  /** The two files. */
  readonly files: readonly [string, string];
}

/** Options of {@linkcode compareFingerprints}. */
export interface CompareFingerprintsOptions {
  /** What the two runs are called (default "the first run", "the second run"). */
  names?: readonly [string, string];
  /**
   * Step of the first stream that step 0 of the second is, for a run that was resumed (default 0). Initial
   * weights and states of the second run are then no records of their own.
   */
  offset?: number;
  /** Steps of the first stream above this are left out. */
  maxSteps?: number | undefined;
}

/**
 * Compares two streams.
 *
 * @throws {TrainingLogError} If one of them cannot be read.
 *
 * @example Usage
 * ```ts
 * import { compareFingerprints } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const head = '{"rewind": "fingerprints", "version": 1}\n';
 * const row = (hash: string) => `{"step": 0, "kind": "batch", "name": "train", "hash": "${hash}"}\n`;
 * await Deno.writeTextFile(`${folder}/a.jsonl`, head + row("5f"));
 * await Deno.writeTextFile(`${folder}/b.jsonl`, head + row("6a"));
 * const found = await compareFingerprints(`${folder}/a.jsonl`, `${folder}/b.jsonl`);
 * await Deno.remove(folder, { recursive: true });
 *
 * assertEquals(found.cause?.kind, "data");
 * assertEquals(found.cause?.step, 0);
 * ```
 */
export async function compareFingerprints(
  a: string,
  b: string,
  options: CompareFingerprintsOptions = {},
): Promise<FingerprintComparison> {
  const one = await openFingerprints(a);
  try {
    const other = await openFingerprints(b);
    try {
      return await compareStreams(one, other, options);
    } finally {
      await other.close();
    }
  } finally {
    await one.close();
  }
}

const STEP_KINDS_ONLY: ReadonlySet<string> = new Set(["forward", "backward"]);

async function compareStreams(
  a: FingerprintStream,
  b: FingerprintStream,
  options: CompareFingerprintsOptions,
): Promise<FingerprintComparison> {
  const { names = ["the first run", "the second run"], offset = 0, maxSteps = Infinity } = options;
  const isFull = a.header.level === "full" && b.header.level === "full";
  const result = {
    cause: undefined,
    level: isFull ? "full" : "step",
    files: [a.path, b.path] as const,
  };
  const reasons = incomparable(a, b, offset);
  if (reasons.length > 0) {
    return { ...result, verdict: "nothing_compared", steps: 0, records: 0, reasons, notes: [] };
  }
  const generators = new GeneratorStates();
  const notes: string[] = [];
  if (a.header.level !== b.header.level) {
    notes.push("only one of the two runs recorded modules: they are compared without them");
  }
  let [x, y] = [await a.next(), await b.next()];
  let steps = 0;
  let records = 0;
  let before: number | undefined;
  const ahead = new LoadedAhead();
  while (x !== undefined && x.step < offset) {
    generators.take(x.records, []);
    ahead.take(x.records);
    x = await a.next();
  }
  while (x !== undefined && y !== undefined && x.step <= maxSteps) {
    const step = x.step;
    if (y.step + offset !== step) {
      const late = y.step + offset > step;
      notes.push(
        `${names[late ? 1 : 0]} has no records of step ${
          late ? step : y.step + offset
        }: its process may ` +
          "have trained in several parts",
      );
      if (late) x = await a.next();
      else y = await b.next();
      continue;
    }
    const drop = (record: FingerprintRecord): boolean =>
      !isFull && STEP_KINDS_ONLY.has(record.kind);
    const left = unnumbered(x.records.filter((record) => !drop(record)), offset);
    const isFirstResumed = offset > 0 && steps === 0;
    const right = unnumbered(
      (isFirstResumed ? ahead.leaveOut(y.records, x.records) : y.records)
        .filter((record) => !drop(record) && !isResumed(record, offset)),
      offset,
    );
    const following: [FingerprintStep | undefined, FingerprintStep | undefined] = [
      await a.next(),
      await b.next(),
    ];
    const cut = [
      following[0] === undefined && a.end?.how !== "exit",
      following[1] === undefined && b.end?.how !== "exit",
    ] as const;
    const cause = compareStep(left, right, {
      step,
      before,
      isFull,
      names,
      generators,
      cut,
      isResumed: isFirstResumed,
    });
    steps++;
    records += Math.min(left.length, right.length);
    if (cause !== undefined) {
      return {
        ...result,
        verdict: "differ",
        cause,
        steps,
        records,
        reasons: [],
        notes: [...notes, ...generators.inert(cause)],
      };
    }
    before = step;
    [x, y] = following;
  }
  notes.push(...endNotes([a, b], [x, y], names, maxSteps), ...generators.inert());
  if (steps === 0) {
    const why = "no step is in both streams";
    return { ...result, verdict: "nothing_compared", steps, records, reasons: [why], notes };
  }
  return { ...result, verdict: "agree", steps, records, reasons: [], notes };
}

/** What a resumed run finds when it starts is compared by whoever resumes it. */
function isResumed({ step, kind }: FingerprintRecord, offset: number): boolean {
  return offset > 0 && step === 0 && kind.startsWith("initial");
}

/** Loaders are numbered in each process: those of a resumed run are others. */
function unnumbered(records: FingerprintRecord[], offset: number): FingerprintRecord[] {
  if (offset === 0) return records;
  return records.map((record) =>
    record.kind === "order" || record.kind === "batch" ? { ...record, name: "DataLoader" } : record
  );
}

function incomparable(a: FingerprintStream, b: FingerprintStream, offset: number): string[] {
  const [x, y] = [a.header, b.header];
  return [
    ...(x.hash === y.hash ? [] : [
      `the hashes were made by different algorithms: "${x.hash}" and "${y.hash}"`,
    ]),
    ...(x.every === y.every ? [] : [
      `every ${x.every} and every ${y.every} steps were recorded: record both alike`,
    ]),
    ...(offset % x.every === 0 ? [] : [
      `the second run starts at step ${offset}, which is no multiple of ${x.every}`,
    ]),
  ];
}

interface StepContext {
  readonly step: number;
  readonly before: number | undefined;
  readonly isFull: boolean;
  readonly names: readonly [string, string];
  readonly generators: GeneratorStates;
  /** Whether the process was killed in this step. */
  readonly cut: readonly [boolean, boolean];
  /** Whether the second run begins here, in the midst of the first. */
  readonly isResumed: boolean;
}

function compareStep(
  left: readonly FingerprintRecord[],
  right: readonly FingerprintRecord[],
  context: StepContext,
): FingerprintCause | undefined {
  const { generators, step } = context;
  const plain = [left, right].map((records) =>
    records.filter((record) => record.kind !== "generator")
  ) as [FingerprintRecord[], FingerprintRecord[]];
  let pairs = alignRecords(...plain);
  // What comes after the last word of a process that was killed says nothing.
  for (const [i, side] of (["a", "b"] as const).entries()) {
    if (!context.cut[i]) continue;
    pairs = pairs.slice(0, 1 + pairs.findLastIndex((pair) => pair[side] !== undefined));
  }
  if (!pairs.some(pairDiffers)) {
    generators.take(left, right, step);
    return undefined;
  }
  const drawnBefore = (pair: RecordPair): GeneratorDifference[] =>
    generators.drawnBefore(pair, { left, right, step, onlyLeft: context.isResumed });
  return findCause(pairs, { ...context, drawnBefore });
}

function endNotes(
  streams: readonly [FingerprintStream, FingerprintStream],
  ahead: readonly [FingerprintStep | undefined, FingerprintStep | undefined],
  names: readonly [string, string],
  maxSteps: number,
): string[] {
  return streams.flatMap((stream, i) => {
    const other = ahead[1 - i];
    if (stream.end?.how === "error") {
      return [`the recording of ${names[i]} ended early: ${stream.end.why ?? "its writer failed"}`];
    }
    if (other === undefined || other.step > maxSteps || ahead[i] !== undefined) return [];
    return [`${names[i]} has no records from step ${other.step} on`];
  });
}
