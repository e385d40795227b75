/**
 * Which rows of two logs belong to the same step, by one merge of their ascending steps.
 * This module is browser compatible.
 *
 * @module
 */

/** Steps that only one of two logs has. */
export interface StepsOnOneSide {
  /** How many. */
  readonly count: number;
  /** The first of them; undefined if there are none. */
  readonly first: number | undefined;
  /** The last of them; undefined if there are none. */
  readonly last: number | undefined;
  /** Up to twenty of them. */
  readonly examples: readonly number[];
}

/** Rows of two logs matched by step. */
export interface AlignedSteps {
  /** The steps that both have, ascending. */
  readonly steps: Float64Array;
  /** Row of each common step in the first log. */
  readonly rowsA: Uint32Array;
  /** Row of each common step in the second log. */
  readonly rowsB: Uint32Array;
  /** Steps that only the first has. */
  readonly onlyA: StepsOnOneSide;
  /** Steps that only the second has. */
  readonly onlyB: StepsOnOneSide;
}

/** Which steps count. */
export interface AlignOptions {
  /** Steps above this are left out of both (default: none are). */
  stepMax?: number;
  /** Steps that count (default: all). */
  only?: ReadonlySet<number> | undefined;
}

const EXAMPLES_MAX = 20;

/** Matches two ascending lists of steps. */
export function alignSteps(
  a: Float64Array,
  b: Float64Array,
  { stepMax = Infinity, only }: AlignOptions = {},
): AlignedSteps {
  const endA = upperBound(a, stepMax);
  const endB = upperBound(b, stepMax);
  const room = Math.min(endA, endB);
  const rowsA = new Uint32Array(room);
  const rowsB = new Uint32Array(room);
  const onlyA = new SideCollector();
  const onlyB = new SideCollector();
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < endA && j < endB) {
    const stepA = a[i]!;
    const stepB = b[j]!;
    if (only !== undefined && !only.has(Math.min(stepA, stepB))) {
      if (stepA <= stepB) i++;
      if (stepB <= stepA) j++;
    } else if (stepA === stepB) {
      rowsA[count] = i++;
      rowsB[count++] = j++;
    } else if (stepA < stepB) {
      onlyA.add(stepA);
      i++;
    } else {
      onlyB.add(stepB);
      j++;
    }
  }
  for (; i < endA; i++) if (only?.has(a[i]!) ?? true) onlyA.add(a[i]!);
  for (; j < endB; j++) if (only?.has(b[j]!) ?? true) onlyB.add(b[j]!);
  const steps = new Float64Array(count);
  for (let k = 0; k < count; k++) steps[k] = a[rowsA[k]!]!;
  return {
    steps,
    rowsA: rowsA.subarray(0, count),
    rowsB: rowsB.subarray(0, count),
    onlyA: onlyA.result(),
    onlyB: onlyB.result(),
  };
}

/** How many leading steps are at most `stepMax`. */
function upperBound(steps: Float64Array, stepMax: number): number {
  if (steps.length === 0 || steps[steps.length - 1]! <= stepMax) return steps.length;
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle]! <= stepMax) low = middle + 1;
    else high = middle;
  }
  return low;
}

class SideCollector {
  #count = 0;
  #last: number | undefined;
  #examples: number[] = [];

  add(step: number): void {
    this.#count++;
    this.#last = step;
    if (this.#examples.length < EXAMPLES_MAX) this.#examples.push(step);
  }

  result(): StepsOnOneSide {
    return {
      count: this.#count,
      first: this.#examples[0],
      last: this.#last,
      examples: this.#examples,
    };
  }
}
