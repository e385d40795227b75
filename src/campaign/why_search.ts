/**
 * Where an outcome was decided: the chance that an event still happens, given the state at t, is estimated at
 * few t, and then where it changes most, down to single steps.
 * This module is browser compatible.
 *
 * Along a run that chance is a martingale: it moves only by what the draws of each step bring, and ends at 1
 * or 0. So whatever interval it changes over holds the steps that decided.
 *
 * @module
 */

import { wilson } from "./statistics/intervals.ts";

/** The chance at one t. */
export interface WhyPoint {
  /** Index of the state. */
  readonly t: number;
  /** Forks that were made from it; 0 where the outcome is known without. */
  readonly forks: number;
  /** Forks in which the event happened. */
  readonly hits: number;
  /** The chance. */
  readonly p: number;
  /** Lower end of Wilson's 95% interval. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** A step over which the chance changed. */
export interface WhyJump {
  /** Index of the state that the step made. */
  readonly t: number;
  /** The chance before it, given X_{t-1}. */
  readonly before: WhyPoint;
  /** The chance after it, given X_t. */
  readonly after: WhyPoint;
}

/** What a search found. */
export interface WhyFound {
  /** Steps over which the chance changed for certain, the largest change first. */
  readonly jumps: readonly WhyJump[];
  /** The chance at all t that were looked at, in order. */
  readonly curve: readonly WhyPoint[];
  /** Forks that were made. */
  readonly forks: number;
  /** Whether it ended as the forks allowed were used up. */
  readonly isCut: boolean;
}

/** Where to search. */
export interface WhyRange {
  /** First t. */
  readonly from: number;
  /** Last t; the outcome is known there. */
  readonly to: number;
  /** The outcome: 1 if the event happened, 0 if it did not. */
  readonly outcome: 0 | 1;
  /** Most forks. */
  readonly forksMax: number;
}

/** Makes forks `first` to `first + count - 1` from X_t; gives in how many the event happened. */
export type ForkMaker = (t: number, first: number, count: number) => Promise<number>;

/** Points of the first look, and forks at each. */
const GRID_POINTS = 8;
const FORKS_FIRST = 48;

/** Forks at the ends of an interval that is searched for a step. */
const FORKS_END = 96;

/** Forks of one look inside of it. */
const FORKS_LOOK = 8;

/** Looks inside of it before it is given up. */
const LOOKS_MAX = 60;

/** The share of belief in one step with which the search of an interval ends. */
const BELIEF = 0.95;

/** Forks on both sides of a step before it is believed, and before it is named. */
const FORKS_TRIED = 120;
const FORKS_NAMED = 200;

/**
 * Smallest change of the chance over an interval that is looked into, and in standard errors. Once a step is
 * found, a quarter of its change is the least.
 */
const CHANGE_MIN = 0.12;
const FOLLOWED = 2;

/** Standard errors beyond which a step is named. */
const NAMED = 3;

/** Searches that may end at a step over which the chance does not change: it changes in many small steps then. */
const FAILURES_MAX = 2;

/** Searches for the steps that decided. */
export async function searchWhy(range: WhyRange, fork: ForkMaker): Promise<WhyFound> {
  const search = new Search(range, fork);
  return await search.run();
}

/** Forks and hits at one t. */
interface Tally {
  readonly t: number;
  forks: number;
  hits: number;
}

/** An interval between two neighbors. */
type Interval = readonly [a: Tally, b: Tally];

class Search {
  readonly #range: WhyRange;
  readonly #fork: ForkMaker;
  /** Points in the order of t; the last one is the known outcome. */
  readonly #points: Tally[];
  /** Starts of intervals that hold no step to be found, or one that was. */
  readonly #closed = new Set<Tally>();
  #left: number;

  constructor(range: WhyRange, fork: ForkMaker) {
    this.#range = range;
    this.#fork = fork;
    this.#left = range.forksMax;
    this.#points = [{ t: range.to, forks: 0, hits: 0 }];
  }

  async run(): Promise<WhyFound> {
    const { from, to } = this.#range;
    const grid = Math.min(GRID_POINTS, to - from);
    for (let i = 0; i < grid; i++) {
      await this.#add(this.#pointAt(from + Math.floor((i * (to - from)) / grid)), FORKS_FIRST);
    }
    for (let failures = 0; failures < FAILURES_MAX && this.#left > 0;) {
      const widest = this.#widest();
      if (widest === undefined) break;
      const [a, b] = widest;
      if (await this.#fill(FORKS_END, a, b)) continue;
      if (this.#deviation(a, b) < FOLLOWED) this.#closed.add(a);
      else if (!await this.#searchStep(a, b)) failures++;
    }
    const jumps = this.#jumps();
    const [start] = this.#points as [Tally];
    // A chance that never moved: the start tells most.
    if (jumps.length === 0) await this.#fill(FORKS_NAMED, start);
    return {
      jumps: jumps.map(([a, b]) => ({
        t: b.t,
        before: this.#pointOf(a),
        after: this.#pointOf(b),
      })),
      // Where the forks allowed ran out, some points have none.
      curve: this.#points
        .filter((point) => this.#isKnown(point) || point.forks > 0)
        .map((point) => this.#pointOf(point)),
      forks: this.#range.forksMax - this.#left,
      isCut: this.#left <= 0,
    };
  }

  /** The interval with the largest change that was not looked into. */
  #widest(): Interval | undefined {
    // Points of few forks, on the way to a step, tell too little to be ends themselves.
    const solid = this.#points.filter((point) =>
      this.#isKnown(point) || point.forks >= FORKS_FIRST
    );
    const [largest] = this.#jumps();
    const least = Math.max(CHANGE_MIN, largest === undefined ? 0 : this.#change(...largest) / 4);
    const [widest] = solid.slice(1)
      .map((b, i): Interval => [solid[i]!, b])
      .filter(([a, b]) => !this.#closed.has(a) && this.#change(a, b) >= least)
      .sort((x, y) => this.#change(...y) - this.#change(...x));
    return widest;
  }

  /**
   * Looks for the one step in an interval over which the chance changes from that of one end to that of the
   * other; whether there is one.
   *
   * Noisy bisection (Horstein 1963; Waeber, Frazier, Henderson 2013): each look is made where the step lies
   * before or behind with equal belief, and moves that belief by Bayes' rule.
   */
  async #searchStep(a: Tally, b: Tally): Promise<boolean> {
    const chances: Chances = [this.#inside(a), this.#inside(b)];
    let found = b.t;
    for (let look = 0; look < LOOKS_MAX && this.#left > 0; look++) {
      const { median, best, belief } = believe(this.#between(a, b), chances);
      found = best;
      if (belief >= BELIEF) break;
      await this.#add(this.#pointAt(median), FORKS_LOOK);
    }
    const [before, after] = [this.#pointAt(found - 1), this.#pointAt(found)];
    this.#closed.add(before);
    await this.#fill(FORKS_TRIED, before, after);
    if (this.#deviation(before, after) < FOLLOWED) return false;
    await this.#fill(FORKS_NAMED, before, after);
    return this.#deviation(before, after) >= NAMED;
  }

  /** Single steps over which the chance changed for certain, the largest change first. */
  #jumps(): Interval[] {
    return this.#points.slice(1)
      .map((b, i): Interval => [this.#points[i]!, b])
      .filter(([a, b]) => b.t - a.t === 1 && this.#isSure(a) && this.#isSure(b))
      .filter(([a, b]) => this.#deviation(a, b) >= NAMED)
      .sort((x, y) => this.#change(...y) - this.#change(...x));
  }

  /** The points from one to another, both included. */
  #between(a: Tally, b: Tally): readonly Tally[] {
    return this.#points.filter(({ t }) => a.t <= t && t <= b.t);
  }

  /** The point at t; a new one without forks if there is none. */
  #pointAt(t: number): Tally {
    const at = this.#points.findIndex((other) => other.t >= t);
    const known = this.#points[at]!;
    if (known.t === t) return known;
    const point = { t, forks: 0, hits: 0 };
    this.#points.splice(at, 0, point);
    return point;
  }

  /** Brings points up to a number of forks; whether any was missing and made. */
  async #fill(forks: number, ...points: readonly Tally[]): Promise<boolean> {
    let isAny = false;
    for (const point of points) {
      if (this.#isKnown(point) || point.forks >= forks || this.#left === 0) continue;
      await this.#add(point, forks - point.forks);
      isAny = true;
    }
    return isAny;
  }

  async #add(point: Tally, forks: number): Promise<void> {
    const count = Math.min(forks, this.#left);
    if (count === 0 || this.#isKnown(point)) return;
    this.#left -= count;
    point.hits += await this.#fork(point.t, point.forks, count);
    point.forks += count;
  }

  #isKnown({ t }: Tally): boolean {
    return t === this.#range.to;
  }

  /** Whether a point was looked at for its own sake, and not only on the way to a step. */
  #isSure(point: Tally): boolean {
    return this.#isKnown(point) || point.forks >= FORKS_TRIED;
  }

  #change(a: Tally, b: Tally): number {
    return Math.abs(this.#p(b) - this.#p(a));
  }

  #p(point: Tally): number {
    return this.#isKnown(point) ? this.#range.outcome : point.hits / Math.max(1, point.forks);
  }

  /** The chance, taken a little inside where all forks agree. */
  #inside(point: Tally): number {
    if (this.#isKnown(point)) return Math.abs(this.#range.outcome - 1 / (FORKS_END + 2));
    return (point.hits + 1) / (point.forks + 2);
  }

  /** By how many standard errors two chances differ. */
  #deviation(a: Tally, b: Tally): number {
    const variances = [a, b].filter((point) => !this.#isKnown(point)).map((point) => {
      const p = this.#inside(point);
      return (p * (1 - p)) / Math.max(1, point.forks);
    });
    return this.#change(a, b) / Math.sqrt(variances.reduce((sum, one) => sum + one, 0));
  }

  #pointOf(point: Tally): WhyPoint {
    const { t, forks, hits } = point;
    if (this.#isKnown(point)) {
      const { outcome } = this.#range;
      return { t, forks: 0, hits: 0, p: outcome, low: outcome, high: outcome };
    }
    const { value, low, high } = wilson(hits, forks);
    return { t, forks, hits, p: value, low, high };
  }
}

/** The chance before and behind the step that is looked for. */
type Chances = readonly [before: number, behind: number];

/** Where the step may be, given what is known of the points from one end of an interval to the other. */
function believe(
  points: readonly Tally[],
  [before, behind]: Chances,
): { median: number; best: number; belief: number } {
  const likelihood = ({ forks, hits }: Tally, p: number) =>
    hits * Math.log(p) + (forks - hits) * Math.log(1 - p);
  // Of the step that makes a state behind points[i], up to points[i + 1]: the log of its weight.
  const inner = points.slice(1, -1);
  let weight = inner.reduce((sum, point) => sum + likelihood(point, behind), 0);
  const weights = [weight];
  for (const point of inner) {
    weight += likelihood(point, before) - likelihood(point, behind);
    weights.push(weight);
  }
  const top = Math.max(...weights);
  const each = weights.map((log) => Math.exp(log - top));
  const masses = each.map((one, i) => one * (points[i + 1]!.t - points[i]!.t));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  let below = 0;
  let median = points[0]!.t;
  for (const [i, mass] of masses.entries()) {
    if (below + mass >= total / 2) {
      const share = (total / 2 - below) / mass;
      median = points[i]!.t + Math.round(share * (points[i + 1]!.t - points[i]!.t));
      break;
    }
    below += mass;
  }
  const [first, last] = [points[0]!.t, points.at(-1)!.t];
  const most = each.indexOf(Math.max(...each));
  return {
    median: Math.min(last - 1, Math.max(first + 1, median)),
    best: points[most + 1]!.t,
    belief: points[most + 1]!.t - points[most]!.t === 1 ? each[most]! / total : 0,
  };
}
