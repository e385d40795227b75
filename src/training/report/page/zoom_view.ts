/**
 * Which steps all plots show, and the step that is pointed out.
 *
 * @module
 */

/** Steps from edge to edge. */
export interface Span {
  /** Left edge. */
  readonly min: number;
  /** Right edge. */
  readonly max: number;
}

/** A step of a metric that was chosen in a table. */
export interface Focus {
  /** The step. */
  readonly step: number;
  /** Index of the metric. */
  readonly plot: number;
}

/** Fewer steps than this are not worth a plot. */
const SPAN_MIN = 2;

/** The part of the steps that is shown; tells its listeners when it changes. */
export class ZoomView {
  /** All steps that there are. */
  readonly full: Span;
  /** Steps that are shown. */
  span: Span;
  /** What is pointed out. */
  focus: Focus | undefined;
  readonly #listeners: (() => void)[] = [];

  /** Shows everything. */
  constructor(full: Span) {
    // One step alone would be a range of no width, and none at all would be none.
    const { min, max } = Number.isFinite(full.min) ? full : { min: 0, max: 0 };
    this.full = min < max ? full : { min: min - 1, max: max + 1 };
    this.span = this.full;
  }

  /** Calls `listener` after every change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Whether all steps are shown. */
  get isFull(): boolean {
    return this.span.min <= this.full.min && this.span.max >= this.full.max;
  }

  /** Shows steps `min` to `max`, as far as there are any. */
  show(min: number, max: number, focus: Focus | undefined = this.focus): void {
    const width = Math.min(this.full.max - this.full.min, Math.max(SPAN_MIN, max - min));
    const middle = (min + max) / 2;
    const from = Math.min(Math.max(this.full.min, middle - width / 2), this.full.max - width);
    this.span = { min: from, max: from + width };
    this.focus = focus;
    for (const listener of this.#listeners) listener();
  }

  /** Shows everything, and points nothing out. */
  reset(): void {
    this.focus = undefined;
    this.show(this.full.min, this.full.max);
  }

  /** Makes the shown steps `factor` times as many, around what is pointed out or the middle. */
  scale(factor: number): void {
    const { min, max } = this.span;
    const step = this.focus?.step ?? NaN;
    const center = step >= min && step <= max ? step : (min + max) / 2;
    this.show(center - (center - min) * factor, center + (max - center) * factor);
  }

  /** Moves by a part of what is shown. */
  shift(part: number): void {
    const by = (this.span.max - this.span.min) * part;
    this.show(this.span.min + by, this.span.max + by);
  }
}
