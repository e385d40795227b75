/**
 * The place in the run that the whole page follows, and the range that plots and slider show.
 *
 * @module
 */

/** What has changed. */
export type Change = "t" | "range";

/** A place and a range. */
export class Cursor {
  /** Number of states of the run. */
  readonly steps: number;
  #t = 0;
  #from = 0;
  #to: number;
  readonly #listeners: ((change: Change) => void)[] = [];

  /** At the start of a run, of which all is in sight. */
  constructor(steps: number) {
    this.steps = steps;
    this.#to = steps;
  }

  get t(): number {
    return this.#t;
  }

  /** First t in sight. */
  get from(): number {
    return this.#from;
  }

  /** One past the last t in sight. */
  get to(): number {
    return this.#to;
  }

  get isWhole(): boolean {
    return this.#from === 0 && this.#to === this.steps;
  }

  /** Goes to the nearest t that there is; brings it into sight. */
  go(t: number): void {
    const target = Math.max(0, Math.min(this.steps - 1, Math.round(t)));
    if (target === this.#t || Number.isNaN(target)) return;
    this.#t = target;
    if (target < this.#from || target >= this.#to) {
      const size = this.#to - this.#from;
      this.show(target - Math.floor(size / 2), target - Math.floor(size / 2) + size);
    }
    this.#tell("t");
  }

  /** Brings a range into sight, and the place into the range. */
  show(from: number, to: number): void {
    const size = Math.max(Math.min(2, this.steps), Math.min(this.steps, Math.round(to - from)));
    const start = Math.max(0, Math.min(this.steps - size, Math.round(from)));
    if (start === this.#from && start + size === this.#to) return;
    this.#from = start;
    this.#to = start + size;
    this.#tell("range");
    if (this.#t < start || this.#t >= this.#to) {
      this.go(Math.max(start, Math.min(this.#to - 1, this.#t)));
    }
  }

  /** Zooms around the place: a factor below 1 shows less. */
  zoom(factor: number): void {
    const size = Math.max(2, Math.ceil((this.#to - this.#from) * factor));
    const share = (this.#t - this.#from) / Math.max(1, this.#to - this.#from);
    this.show(this.#t - share * size, this.#t - share * size + size);
  }

  /** Calls a function on every change. */
  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
