/**
 * Seeds of a campaign as a person writes them: `0..999`, `1,5,9`, or both.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentSyntaxError } from "../errors.ts";
import { CAMPAIGN_TRIALS_MAX } from "./limits.ts";
import { normalizeSeed } from "../rng/derive_seed.ts";

/** Consecutive seeds. */
interface SeedRange {
  readonly first: bigint;
  readonly count: number;
}

/** Seeds in the order in which they are used. */
export class SeedList {
  /** How many there are. */
  readonly count: number;
  readonly #ranges: readonly SeedRange[];
  /** Index of the first seed of each range. */
  readonly #starts: readonly number[];

  private constructor(ranges: readonly SeedRange[]) {
    this.#ranges = ranges;
    let count = 0;
    this.#starts = ranges.map((range) => (count += range.count) - range.count);
    this.count = count;
  }

  /**
   * Reads `0..999` (both ends included), `1,5,9`, or a mixture such as `0..9,100`.
   *
   * @throws {SyntaxError} If it is not of that form.
   * @throws {RangeError} If a seed is there twice, or there are too many.
   */
  static parse(text: string): SeedList {
    const ranges = text.split(",").map((part) => {
      const [, from, to] = /^\s*(-?\d[\d_]*)\s*(?:\.\.\s*(-?\d[\d_]*)\s*)?$/.exec(part) ?? [];
      if (from === undefined) {
        throw new ArgumentSyntaxError(
          `Cannot read the seeds '${text}': they must be integers and ranges such as 0..999 or 1,5,9`,
        );
      }
      return rangeOf(integer(from), integer(to ?? from), text);
    });
    return checked(new SeedList(ranges), ranges);
  }

  /** The seeds given one by one. */
  static of(seeds: Iterable<number | bigint>): SeedList {
    const ranges: SeedRange[] = [];
    for (const seed of seeds) {
      const first = normalizeSeed(seed);
      const last = ranges.at(-1);
      if (last !== undefined && last.first + BigInt(last.count) === first) {
        ranges[ranges.length - 1] = { first: last.first, count: last.count + 1 };
      } else ranges.push({ first, count: 1 });
    }
    return checked(new SeedList(ranges), ranges);
  }

  /** The seed at an index from 0 to `count - 1`. */
  at(index: number): bigint {
    if (!(index >= 0 && index < this.count)) {
      throw new ArgumentRangeError(`Cannot give seed ${index}: there are ${this.count}`);
    }
    const starts = this.#starts;
    let low = 0;
    for (let high = starts.length; high - low > 1;) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= index) low = middle;
      else high = middle;
    }
    return this.#ranges[low]!.first + BigInt(index - starts[low]!);
  }

  /** The seeds in the one form in which they are compared, such as `0..9,100`. */
  toString(): string {
    return this.#ranges.map(({ first, count }) =>
      count === 1 ? `${first}` : `${first}..${first + BigInt(count - 1)}`
    ).join(",");
  }
}

function integer(text: string): bigint {
  return normalizeSeed(BigInt(text.replaceAll("_", "")));
}

function rangeOf(first: bigint, last: bigint, text: string): SeedRange {
  if (last < first) {
    throw new ArgumentRangeError(`Cannot use the seeds '${text}': ${first}..${last} is empty`);
  }
  const count = last - first + 1n;
  if (count > BigInt(CAMPAIGN_TRIALS_MAX)) throw tooMany();
  return { first, count: Number(count) };
}

function checked(list: SeedList, ranges: readonly SeedRange[]): SeedList {
  if (list.count === 0) throw new ArgumentRangeError("Cannot run a campaign without seeds");
  if (list.count > CAMPAIGN_TRIALS_MAX) throw tooMany();
  const ordered = [...ranges].sort((a, b) => a.first < b.first ? -1 : 1);
  for (let i = 1; i < ordered.length; i++) {
    const before = ordered[i - 1]!;
    if (ordered[i]!.first < before.first + BigInt(before.count)) {
      throw new ArgumentRangeError(
        `Cannot use the seeds '${list}': ${
          ordered[i]!.first
        } is there twice, and two trials with one seed ` +
          "are one trial",
      );
    }
  }
  return list;
}

function tooMany(): ArgumentRangeError {
  return new ArgumentRangeError(
    `Cannot run a campaign of more than ${CAMPAIGN_TRIALS_MAX} trials: cut the seeds into several`,
  );
}
