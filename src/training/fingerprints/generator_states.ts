/**
 * What is known of the generators of two runs: a generator counts where it was drawn from.
 * This module is browser compatible.
 *
 * @module
 */

import type { RecordPair } from "./align.ts";
import type { FingerprintCause } from "./cause.ts";
import type { GeneratorDifference } from "./find_cause.ts";
import type { FingerprintRecord } from "./record.ts";

/** Records between which generators are looked at once only. */
const GROUPS: Readonly<Record<string, string>> = {
  initial: "batch",
  "initial state": "batch",
  order: "batch",
  batch: "batch",
  settings: "step",
  before: "step",
  buffer: "step",
  gradient: "step",
  state: "after",
  weight: "after",
};

type States = Map<string, FingerprintRecord>;

/** The records of a step in both runs. */
interface StepRecords {
  readonly left: readonly FingerprintRecord[];
  readonly right: readonly FingerprintRecord[];
  readonly step: number;
  /** Looks only at what the first run drew from: the second begins here, and names all its generators. */
  readonly onlyLeft: boolean;
}

/** See the module. */
export class GeneratorStates {
  readonly #left: States = new Map();
  readonly #right: States = new Map();
  /** Generators that differ, by the step from which on they do, and whether they agreed before. */
  readonly #apart = new Map<string, { readonly step: number; readonly agreed: boolean }>();

  /** Takes the records of a step that is done; without a step, they are of one run alone. */
  take(
    left: readonly FingerprintRecord[],
    right: readonly FingerprintRecord[],
    step?: number,
  ): void {
    const known = new Set([...this.#left.keys()].filter((name) => this.#right.has(name)));
    const named = new Set([...keep(this.#left, left), ...keep(this.#right, right)]);
    if (step === undefined) return;
    for (const name of named) {
      if (this.#left.get(name)?.hash === this.#right.get(name)?.hash) this.#apart.delete(name);
      else if (!this.#apart.has(name)) this.#apart.set(name, { step, agreed: known.has(name) });
    }
  }

  /** Generators that were drawn from just before a record, and differ there; the oldest difference first. */
  drawnBefore(
    pair: RecordPair,
    { left, right, step, onlyLeft }: StepRecords,
  ): GeneratorDifference[] {
    const here = [upTo(left, pair.a), upTo(right, pair.b)] as const;
    const states = [new Map(this.#left), new Map(this.#right)] as const;
    keep(states[0], here[0]);
    keep(states[1], here[1]);
    const drawn = new Set([...lastDrawn(here[0]), ...(onlyLeft ? [] : lastDrawn(here[1]))]);
    const found = [...drawn].flatMap((name): GeneratorDifference[] => {
      const records = [states[0].get(name), states[1].get(name)] as const;
      if (records[0]?.hash === records[1]?.hash) return [];
      const agreed = this.#left.has(name) && this.#right.has(name);
      return [{ name, ...this.#apart.get(name) ?? { step, agreed }, records }];
    });
    return found.sort((x, y) => x.step - y.step);
  }

  /** Notes on generators that differ without a visible effect; the cause is none of them. */
  inert(cause?: FingerprintCause): string[] {
    return [...this.#apart].flatMap(([name, { step }]) =>
      cause?.kind === "generator" && cause.name === name ? [] : [
        `generator ${name} differs from step ${step} on, and nothing else that was recorded shows it`,
      ]
    );
  }
}

/** Notes the states of generators; gives the names of those that are in the records. */
function keep(states: States, records: readonly FingerprintRecord[]): string[] {
  const named = records.filter((record) => record.kind === "generator");
  for (const record of named) states.set(record.name, record);
  return named.map((record) => record.name);
}

/** The records up to one of them, itself included. */
function upTo(
  records: readonly FingerprintRecord[],
  last: FingerprintRecord | undefined,
): readonly FingerprintRecord[] {
  return last === undefined ? [] : records.slice(0, records.indexOf(last) + 1);
}

/** Generators that were recorded since another group of records than that of the last one. */
function lastDrawn(records: readonly FingerprintRecord[]): string[] {
  const last = records.at(-1);
  if (last === undefined) return [];
  const group = GROUPS[last.kind];
  const names: string[] = [];
  for (let i = records.length - 2; i >= 0; i--) {
    const { kind, name } = records[i]!;
    if (kind === "generator") names.push(name);
    else if (group === undefined || GROUPS[kind] !== group) break;
  }
  return names;
}
