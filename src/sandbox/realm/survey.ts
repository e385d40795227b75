/**
 * What a survey takes of each state, inside the child: numbers of the state itself, and observables.
 * This module is browser compatible.
 *
 * @module
 */

import { plainView } from "../../codec/plain_view.ts";
import { ArgumentTypeError } from "../../errors.ts";
import { type LeafPath, LeafReader } from "../../codec/numeric_leaves.ts";
import { describeNonScalar, scalarOf } from "../../codec/scalar.ts";
import { type Buckets, bucketsOf, SeriesAccumulator } from "../../engine/series.ts";
import type { Lookers } from "../../engine/guards/types.ts";
import type { Observable } from "../../engine/types.ts";
import { VECTOR_LENGTH_MAX } from "../../limits.ts";
import type { SurveyedObservable, SurveyEnd } from "../wire/answers.ts";
import type { ObserveRequest, SurveyJob } from "../wire/requests.ts";
import { type DoubleLook, sameObservation } from "./double_look.ts";
import { observableOf, type StepInstance, type StepModule } from "./step_module.ts";

/** What a survey works with. */
export interface SurveyContext {
  /** What evaluates expressions. */
  readonly module: StepModule;
  /** Whose observables are asked for. */
  readonly instance: StepInstance;
  /** What looks at some states twice. */
  readonly look: DoubleLook;
}

/** Observables, each looked at twice now and then. */
export interface WatchedObservables {
  /** In the order in which they were asked for. */
  readonly observables: readonly Observable<unknown>[];
  /** By what messages call them. */
  readonly lookers: Lookers<unknown>;
}

/** Finds or evaluates observables. */
export async function watchedObservables(
  requests: readonly ObserveRequest[],
  { module, instance, look }: SurveyContext,
): Promise<WatchedObservables> {
  const watched: [string, Observable<unknown>][] = [];
  for (const [i, request] of requests.entries()) {
    const observable = await observableOf(request, module, instance);
    const nameless = requests.length === 1 ? "the observable" : `observable ${i + 1}`;
    const who = request.name || nameless;
    watched.push([who, look.watch(who, observable, sameObservation)]);
  }
  return {
    observables: watched.map(([, observable]) => observable),
    lookers: Object.fromEntries(watched),
  };
}

/** Takes state after state. */
export class Survey {
  readonly #leaves: readonly SeriesAccumulator[];
  /** Gives index and value of each leaf that a state has; undefined without leaves. */
  readonly #read: ((state: unknown) => readonly number[]) | undefined;
  readonly #observers: readonly Observer[];
  /** The observables, by what messages call them. */
  readonly lookers: Lookers<unknown>;

  /** Prepares the series of a job; evaluates its expressions. */
  static async start(job: SurveyJob, context: SurveyContext): Promise<Survey> {
    return new Survey(job, context, await watchedObservables(job.observe, context));
  }

  private constructor(
    { leaves, seriesMax, from, to, bucketsMax }: SurveyJob,
    { instance: { codec }, look }: SurveyContext,
    { lookers, observables }: WatchedObservables,
  ) {
    this.lookers = lookers;
    const buckets = bucketsOf(from, to, bucketsMax);
    this.#leaves = leaves.map(() => new SeriesAccumulator(buckets));
    const read = leaves.length === 0 ? undefined : leafReader(leaves);
    // Of a module with a codec, what functions of the state see.
    const readShown = codec === undefined
      ? read
      : read && ((state: unknown) => read(plainView(state, codec.encode(state))));
    this.#read = readShown && look.watch("the plots", readShown, sameObservation);
    const room = { left: seriesMax };
    this.#observers = observables.map((observable) => new Observer(observable, { buckets, room }));
  }

  /** Takes X_t; false always, as a predicate that no state satisfies. */
  take(state: unknown, t: number): false {
    if (this.#read !== undefined) {
      const taken = this.#read(state);
      for (let i = 0; i < taken.length; i += 2) this.#leaves[taken[i]!]!.add(t, taken[i + 1]!);
    }
    for (let i = 0; i < this.#observers.length; i++) this.#observers[i]!.take(state, t);
    return false;
  }

  /** What was taken. */
  result(): SurveyEnd {
    return {
      leaves: this.#leaves.map((leaf) => leaf.result()),
      observables: this.#observers.map((observer) => observer.result()),
    };
  }
}

/** Gives index and value of each leaf that a state has, one after the other. */
function leafReader(leaves: readonly LeafPath[]): (data: unknown) => readonly number[] {
  let taken: number[] = [];
  const sinks = leaves.map((path, i) => ({
    path,
    sink: { add: (_t: number, x: number) => void taken.push(i, x) },
  }));
  const reader = new LeafReader(sinks);
  return (data) => {
    taken = [];
    reader.read(data, 0);
    return taken;
  };
}

/** How many more series may be made; all observables share it. */
interface Room {
  left: number;
}

/** The series of one observable, made when its first values show how many they are. */
class Observer {
  readonly #observable: Observable<unknown>;
  readonly #buckets: Buckets;
  readonly #room: Room;
  readonly #series: SeriesAccumulator[] = [];
  #length = -1;

  constructor(
    observable: Observable<unknown>,
    { buckets, room }: { buckets: Buckets; room: Room },
  ) {
    this.#observable = observable;
    this.#buckets = buckets;
    this.#room = room;
  }

  take(state: unknown, t: number): void {
    const value: unknown = this.#observable(state);
    const scalar = scalarOf(value);
    if (scalar === undefined) return this.#takeVector(value, t);
    this.#grow(1);
    this.#series[0]?.add(t, scalar);
  }

  result(): SurveyedObservable {
    return { length: this.#length, series: this.#series.map((series) => series.result()) };
  }

  #takeVector(value: unknown, t: number): void {
    const values = componentsOf(value);
    this.#length = Math.max(this.#length, values.length);
    this.#grow(values.length);
    const count = Math.min(values.length, this.#series.length);
    for (let i = 0; i < count; i++) this.#series[i]!.add(t, values[i]!);
  }

  #grow(count: number): void {
    while (this.#series.length < count && this.#room.left > 0) {
      this.#room.left--;
      this.#series.push(new SeriesAccumulator(this.#buckets));
    }
  }
}

function componentsOf(value: unknown): number[] {
  if (typeof value !== "object" || value === null) throw refusal(value);
  const { length } = value as ArrayLike<unknown>;
  if (!Number.isInteger(length) || length < 0 || length > VECTOR_LENGTH_MAX) throw refusal(value);
  const components: number[] = [];
  for (let i = 0; i < length; i++) {
    const component = (value as ArrayLike<unknown>)[i];
    const scalar = scalarOf(component);
    if (scalar === undefined) throw refusal(component);
    components.push(scalar);
  }
  return components;
}

function refusal(value: unknown): TypeError {
  return new ArgumentTypeError(
    `Cannot plot ${
      describeNonScalar(value)
    }: an observable must be a number or a vector of at most ` +
      `${VECTOR_LENGTH_MAX} numbers`,
    { hint: "pass a function such as (state) => state.value" },
  );
}
