/**
 * A clock and randomness for libraries that ask the platform for them, given by rewind so that they replay:
 * off unless the run was recorded with them. The guards of the built-ins ask here.
 * This module is browser compatible.
 *
 * @module
 */

import { SHIM_ORIGIN_MS } from "../../engine/shims.ts";
import type { RunRecord, Shims, StepFunction } from "../../engine/types.ts";
import { LOADING, type Position } from "../wire/position.ts";

/** Where a run lies on the grid of its blocks. */
export type ShimmedRun = Pick<RunRecord, "origin" | "gridOffset" | "blockSize">;

/** What `Math.random` and `crypto` draw from. */
export interface ShimStream {
  /** Next float64 in [0, 1) with 53 random bits. */
  random(): number;
  /** Next 32 random bits, an integer in [0, 2^32). */
  bits(): number;
}

/** Draws of the "random" shim; made by the jobs, which have what seeds take. */
export interface ShimDraws {
  /** The draws of a module that loads, and those of `init`. */
  readonly load: ShimStream;
  /** The draws of steps. */
  readonly block: ShimStream;
  /** Starts the draws of a module that loads. */
  startLoad(): void;
  /** Starts the draws of `init`. */
  startInit(): void;
  /** Starts the draws of a block, by its index in the numbering of the run whose seed it uses. */
  startBlock(block: number): void;
  /** Goes on within a block where X_0 lies. */
  resume(): void;
  /** The state of the draws of a block, to go on from later. */
  capture(): Uint32Array;
}

const NO_STREAM: ShimStream = { random: () => 0.5, bits: () => 2 ** 31 };

/** Stands in where a module is only described: what it draws while it loads is not looked at. */
const NO_DRAWS: ShimDraws = {
  load: NO_STREAM,
  block: NO_STREAM,
  startLoad() {},
  startInit() {},
  startBlock() {},
  resume() {},
  capture: () => new Uint32Array(4),
};

/** Whose code runs. */
type Phase = "load" | "init" | "step" | "other";

/** The shims of one session. */
export class RealmShims {
  readonly #shims: Shims;
  readonly #position: Position;
  #run: ShimmedRun = { origin: 0, gridOffset: 0, blockSize: 1 };
  #draws: ShimDraws = NO_DRAWS;
  #phase: Phase = "other";
  /** Global index of the state that the step was given. */
  #t = 0;
  #isLoadUsed = false;

  /**
   * @param shims What the run was recorded with.
   * @param position Where user code is.
   */
  constructor(shims: Shims, position: Position) {
    this.#shims = shims;
    this.#position = position;
  }

  /** What the session was given. */
  get given(): Shims {
    return this.#shims;
  }

  /** Whether there is a clock besides `Date`. */
  get hasClock(): boolean {
    return this.#shims.clock !== undefined;
  }

  /** Whether there are random numbers besides `Math.random`. */
  get hasRandom(): boolean {
    return this.#shims.random === true;
  }

  /** Whether a module that may ask for the time or for random numbers while it loads did so. */
  get isLoadUsed(): boolean {
    return this.#isLoadUsed;
  }

  /** Milliseconds since 1970; undefined where the clock is denied. */
  now(): number | undefined {
    const { clock } = this.#shims;
    if (clock === undefined) return this.#whileLoading() ? SHIM_ORIGIN_MS : undefined;
    return clock.originMs + this.elapsed();
  }

  /** Milliseconds since X_0 of the root run; 0 while the module loads. */
  elapsed(): number {
    return this.#globalT() * (this.#shims.clock?.stepMs ?? 0);
  }

  /** Next float64 in [0, 1); undefined where randomness is denied. */
  random(): number | undefined {
    return this.#stream()?.random();
  }

  /** Next 32 random bits; undefined where randomness is denied. */
  bits(): number | undefined {
    return this.#stream()?.bits();
  }

  /** Says what the next job is about, before its module loads. */
  begin(draws: ShimDraws): void {
    this.#draws = draws;
  }

  /** Says which run the next steps belong to. */
  useRun(run: ShimmedRun): void {
    this.#run = run;
  }

  /** What is to be kept of the draws within a block besides the state of the step's generator. */
  capture(): { shim?: Uint32Array } {
    return this.hasRandom ? { shim: this.#draws.capture() } : {};
  }

  /** To be called before the module's text is evaluated. */
  startLoad(): void {
    this.#phase = "load";
    this.#draws.startLoad();
  }

  /** To be called when it has been. */
  endLoad(): void {
    this.#phase = "other";
  }

  /** Runs `init`, which draws the same each time. */
  init<T>(code: () => T): T {
    this.#draws.startInit();
    this.#phase = "init";
    try {
      return code();
    } finally {
      this.#phase = "other";
    }
  }

  /** The step with its clock and its draws; itself where it has none. */
  step(step: StepFunction<unknown>): StepFunction<unknown> {
    if (!this.hasClock && !this.hasRandom) return step;
    return (state, rng, params, t, input) => {
      this.#startStep(t);
      try {
        return step(state, rng, params, t, input);
      } finally {
        this.#phase = "other";
      }
    };
  }

  #startStep(t: number): void {
    const { origin, gridOffset, blockSize } = this.#run;
    const index = gridOffset + t - origin;
    // A replay goes on from the start of a block, or from X_0.
    if (index % blockSize === 0) this.#draws.startBlock(index / blockSize);
    else if (t === origin) this.#draws.resume();
    this.#phase = "step";
    this.#t = t;
  }

  /** Where draws come from; what looks at states must not draw, as the step would draw other numbers then. */
  #stream(): ShimStream | undefined {
    if (this.#shims.random !== true) return this.#whileLoading() ? this.#draws.load : undefined;
    if (this.#phase === "other") return undefined;
    return this.#phase === "step" ? this.#draws.block : this.#draws.load;
  }

  #whileLoading(): boolean {
    if (this.#shims.load !== true || this.#phase !== "load") return false;
    this.#isLoadUsed = true;
    return true;
  }

  /** Global index of the state that the step was given, or that is looked at. */
  #globalT(): number {
    if (this.#phase === "step") return this.#t;
    const t = this.#position[0]!;
    return t === LOADING || this.#phase === "load" ? 0 : this.#run.origin + t;
  }
}
