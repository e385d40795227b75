/**
 * Finds where a resumed run goes on in the uninterrupted one, and what of it was not restored.
 *
 * @module
 */

import { compareFingerprints, type FingerprintComparison } from "./compare_fingerprints.ts";
import type { CauseKind } from "./cause.ts";
import { type FingerprintStep, openFingerprints } from "./read_stream.ts";
import { LoadedAhead } from "./loaded_ahead.ts";
import type { FingerprintRecord } from "./record.ts";

/** What a checkpoint has to bring back. */
export type RestoredPart = "weights" | "optimizer" | "scheduler" | "sampler" | "generator";

/** One thing that the resumed run did not get back. */
export interface LostPart {
  /** What it is. */
  readonly part: RestoredPart;
  /** Name of the parameter, optimizer, loader or generator. */
  readonly name: string;
  /** One line that says it. */
  readonly text: string;
}

/** What a comparison of a resumed run with an uninterrupted one found. */
export interface ResumeComparison {
  /** Step of the uninterrupted run that is the first of the resumed one; undefined if its weights are nowhere. */
  readonly offset: number | undefined;
  /** Whether the resumed run began from the initial weights. */
  readonly startsAnew: boolean;
  /** What was not restored, in the order weights, optimizer, scheduler, sampler, generators. */
  readonly lost: readonly LostPart[];
  /** All further steps, from the first resumed one on; undefined without an offset. */
  readonly comparison: FingerprintComparison | undefined;
}

/** Options of {@linkcode compareResumed}. */
export interface CompareResumedOptions {
  /** Step at which the resumed run should go on, where several fit (default: the last that fits). */
  expected?: number | undefined;
  /** Steps of the uninterrupted run above this are left out. */
  maxSteps?: number | undefined;
}

/**
 * Compares the stream of a resumed run with that of the uninterrupted one.
 *
 * @throws {TrainingLogError} If one of them cannot be read.
 */
export async function compareResumed(
  full: string,
  resumed: string,
  { expected, maxSteps }: CompareResumedOptions = {},
): Promise<ResumeComparison> {
  const first = await firstStep(resumed);
  const weights = named(first?.records ?? [], "initial");
  if (first === undefined || weights.size === 0) {
    return { offset: undefined, startsAnew: false, lost: [], comparison: undefined };
  }
  const found = await findStart(full, weights, expected);
  if (!("history" in found)) {
    return {
      offset: undefined,
      startsAnew: false,
      lost: [lostPart("weights", found.name, found.text)],
      comparison: undefined,
    };
  }
  const { offset, history, following, ahead } = found;
  const states = lostStates(history, first.records, offset);
  const inStep = following === undefined
    ? []
    : lostInStep(history, following.records, ahead.leaveOut(first.records, following.records));
  const lost = [
    ...(offset > 0
      ? []
      : [lostPart("weights", [...weights.keys()][0]!, "it starts from the initial weights")]),
    ...states,
    // The settings of an optimizer that was made anew are its own first ones, whatever the scheduler does.
    ...inStep.filter(({ part }) => part !== "scheduler" || states[0]?.text !== EMPTY_STATE),
  ];
  const comparison = await compareFingerprints(full, resumed, {
    names: ["the uninterrupted run", "the resumed run"],
    offset,
    maxSteps,
  });
  return {
    offset,
    startsAnew: offset === 0,
    lost: lost.length > 0 ? lost : lostLater(comparison),
    comparison,
  };
}

/** What a cause in a later step says of the checkpoint: a scheduler shows only when it steps. */
const LOST_LATER: Readonly<Partial<Record<CauseKind, RestoredPart>>> = {
  scheduler: "scheduler",
  generator: "generator",
  "data order": "sampler",
  "optimizer state": "optimizer",
};

function lostLater({ cause }: FingerprintComparison): LostPart[] {
  const part = cause && LOST_LATER[cause.kind];
  return cause === undefined || part === undefined ? [] : [lostPart(part, cause.name, cause.text)];
}

/** Steps before a resumed one in which its batches may have been fetched. */
const STEPS_BACK = 64;

type Named = ReadonlyMap<string, FingerprintRecord>;

function named(
  records: readonly FingerprintRecord[],
  ...kinds: string[]
): Map<string, FingerprintRecord> {
  return new Map(
    records.filter((record) => kinds.includes(record.kind)).map((record) => [record.name, record]),
  );
}

async function firstStep(path: string): Promise<FingerprintStep | undefined> {
  const stream = await openFingerprints(path);
  try {
    return await stream.next();
  } finally {
    await stream.close();
  }
}

/** The last states of everything, up to a step. */
interface History {
  readonly weights: Named;
  readonly states: Named;
  readonly generators: Named;
}

interface Start {
  readonly offset: number;
  /** What was fetched before it. */
  readonly ahead: LoadedAhead;
  readonly history: History;
  /** The step of the uninterrupted run that is the first resumed one. */
  readonly following: FingerprintStep | undefined;
}

/** The step after which the uninterrupted run had these weights; else the weight that it never had. */
async function findStart(
  full: string,
  wanted: Named,
  expected: number | undefined,
): Promise<Start | Pick<LostPart, "name" | "text">> {
  const stream = await openFingerprints(full);
  const weights = new Map<string, FingerprintRecord>();
  const states = new Map<string, FingerprintRecord>();
  const generators = new Map<string, FingerprintRecord>();
  const passed: FingerprintStep[] = [];
  /** Where most of the weights are. */
  let nearest = { offset: 0, strange: [...wanted.keys()] };
  const fits = (offset: number): boolean => {
    const strange = [...wanted].flatMap(([name, record]) =>
      weights.get(name)?.hash === record.hash ? [] : [name]
    );
    if (strange.length < nearest.strange.length) nearest = { offset, strange };
    return strange.length === 0;
  };
  let best: Start | undefined;
  try {
    let step = await stream.next();
    if (step !== undefined) {
      for (const [name, record] of named(step.records, "initial")) weights.set(name, record);
      if (fits(step.step)) {
        best = { offset: step.step, ahead: fetched(), history: frozen(), following: step };
      }
    }
    while (step !== undefined) {
      for (const record of step.records) {
        if (record.kind === "weight") weights.set(record.name, record);
        else if (record.kind === "state") states.set(record.name, record);
        else if (record.kind === "generator") generators.set(record.name, record);
      }
      passed.push(step);
      if (passed.length > STEPS_BACK) passed.shift();
      const next = await stream.next();
      const offset = step.step + stream.header.every;
      const isBetter = best === undefined || best.offset !== expected;
      if (isBetter && fits(offset)) {
        best = { offset, ahead: fetched(), history: frozen(), following: next };
      }
      step = next;
    }
  } finally {
    await stream.close();
  }
  if (best !== undefined) return best;
  const name = nearest.strange[0]!;
  const others = wanted.size - nearest.strange.length;
  return {
    name,
    text: others === 0
      ? "it starts from weights that the uninterrupted run never had"
      : `it is not what the uninterrupted run had after step ${
        nearest.offset - 1
      }, as ${others} of ` +
        `${wanted.size} weights are`,
  };

  function fetched(): LoadedAhead {
    const ahead = new LoadedAhead();
    for (const { records } of passed) ahead.take(records);
    return ahead;
  }

  function frozen(): History {
    return { weights: new Map(weights), states: new Map(states), generators: new Map(generators) };
  }
}

function lostPart(part: RestoredPart, name: string, text: string): LostPart {
  return { part, name, text };
}

const EMPTY_STATE = "the optimizer starts with an empty state";

function lostStates(
  history: History,
  records: readonly FingerprintRecord[],
  offset: number,
): LostPart[] {
  if (offset === 0) return [];
  const restored = named(records, "initial state");
  const wrong = [...history.states].filter(([name, record]) =>
    restored.get(name)?.hash !== record.hash
  );
  if (wrong.length === 0) return [];
  const name = wrong[0]![0];
  const how = restored.size === 0
    ? EMPTY_STATE
    : `the optimizer's state of ${name} is not that of step ${offset - 1}`;
  return [lostPart("optimizer", name, how)];
}

/** What the first resumed step shows that is not restored: settings, samples, generators. */
function lostInStep(
  history: History,
  full: readonly FingerprintRecord[],
  resumed: readonly FingerprintRecord[],
): LostPart[] {
  const lost: LostPart[] = [];
  const [settings, ours] = [full, resumed].map((records) => named(records, "settings"));
  for (const [name, record] of settings!) {
    const other = ours!.get(name);
    if (other === undefined || other.hash === record.hash) continue;
    lost.push(lostPart(
      "scheduler",
      name,
      `the settings of ${name} differ: ${JSON.stringify(record.value)} in the uninterrupted run, ${
        JSON.stringify(other.value)
      } in the resumed one`,
    ));
  }
  // Loaders are numbered in each process: the first one of the step is meant.
  const [order, batch] = ["order", "batch"].map((kind) => {
    const [a, b] = [full, resumed].map((records) => records.find((record) => record.kind === kind));
    if (a === undefined || b === undefined) return undefined;
    return { name: b.name, agrees: a.hash === b.hash };
  });
  if (order !== undefined && !order.agrees) {
    const text = "the sampler gives other samples than the uninterrupted run took in this step";
    lost.push(lostPart("sampler", order.name, text));
  } else if (order === undefined && batch?.agrees === false) {
    const text = "the batch is another one than that of the uninterrupted run in this step";
    lost.push(lostPart("sampler", batch.name, text));
  }
  const [before, after] = [statesAtLoss(full), statesAtLoss(resumed)];
  const names = [...history.generators.keys()];
  for (const [name, known] of history.generators) {
    // One that is made again and again has no state that a checkpoint could bring back.
    if (/ #\d+$/.test(name) || names.some((other) => other.startsWith(`${name} #`))) continue;
    const record = before.get(name) ?? known;
    const other = after.get(name);
    if (other !== undefined && other.hash !== record.hash) {
      lost.push(lostPart("generator", name, `the state of generator ${name} was not restored`));
    }
  }
  // The same samples with another content: what draws while they are made was not restored.
  const isOther = order?.agrees === true && batch?.agrees === false;
  if (isOther && !lost.some(({ part }) => part === "generator")) {
    const text =
      `${batch.name} takes the same samples and makes another batch of them: something that ` +
      "draws in the dataset was not restored";
    lost.push(lostPart("generator", batch.name, text));
  }
  return lost;
}

/**
 * The last state of each generator before the loss of a step, or before its first batch where no loss is recorded:
 * what matters is that it is restored when it is drawn from.
 */
function statesAtLoss(records: readonly FingerprintRecord[]): Named {
  const end = records.findIndex((record) => record.kind === "loss");
  const until = end >= 0 ? end : records.findIndex((record) => record.kind === "batch");
  return named(records.slice(0, until < 0 ? records.length : until), "generator");
}
