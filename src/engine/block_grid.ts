/**
 * Where a run's blocks and checkpoints lie. Blocks are the unit of seeding; they lie on the grid of the run
 * whose seed is used, so the first block of a branch that keeps its parent's draws may be shorter. Spans are
 * the unit of storing: one span leads from a checkpoint to the next, over `stride` blocks.
 * This module is browser compatible.
 *
 * @module
 */

import type { IndexRange, RunRecord, SeriesRange } from "./types.ts";

/** What the grid of a run follows from. */
export type Grid = Pick<RunRecord, "steps" | "blockSize" | "gridOffset" | "stride">;

/** The part of {@linkcode Grid} that blocks depend on. */
type Blocks = Pick<Grid, "blockSize" | "gridOffset">;

/** How many states of the block that X_0 lies in come before X_0. */
export function gridPhase({ blockSize, gridOffset }: Blocks): number {
  return gridOffset % blockSize;
}

/** Index, for its seed, of a block of the run; `block` counts from the one that holds X_0. */
export function seedBlock(block: number, { blockSize, gridOffset }: Blocks): number {
  return Math.floor(gridOffset / blockSize) + block;
}

/** Number of blocks that the states of the run lie in; the first and the last one may be shorter. */
export function blockCount(grid: Pick<Grid, "steps"> & Blocks): number {
  return Math.ceil((gridPhase(grid) + grid.steps) / grid.blockSize);
}

/** Index of the block that holds X_t. */
export function blockOf(t: number, grid: Blocks): number {
  return Math.floor((gridPhase(grid) + t) / grid.blockSize);
}

/** Index of the first state of a block; for the number of blocks, one past where the last one could end. */
export function blockStart(block: number, grid: Blocks): number {
  return Math.max(0, block * grid.blockSize - gridPhase(grid));
}

/** Number of spans of the run, and so of its checkpoints. */
export function spanCount(grid: Grid): number {
  return Math.ceil(blockCount(grid) / grid.stride);
}

/** Index of the span, and of the checkpoint, from which X_t is made. */
export function spanOf(t: number, grid: Grid): number {
  return Math.floor(blockOf(t, grid) / grid.stride);
}

/** Index of the state that checkpoint `span` holds. */
export function spanStart(span: number, grid: Omit<Grid, "steps">): number {
  return blockStart(span * grid.stride, grid);
}

/** One past the last state of a span. */
export function spanEnd(span: number, grid: Grid): number {
  return Math.min(spanStart(span + 1, grid), grid.steps);
}

/**
 * Index of the last state that a replay of a span makes: the next checkpoint, or X_{T-1}. The transition
 * into the next checkpoint still belongs to the span.
 */
export function spanReach(span: number, grid: Grid): number {
  return Math.min(spanStart(span + 1, grid), grid.steps - 1);
}

/** The indices of a range, in order. */
export function* indicesOf({ from, to }: IndexRange): Generator<number, void, void> {
  for (let index = from; index < to; index++) yield index;
}

/** Blocks 0, 1, 2, 4, 8, ...: enough to find what goes wrong often, and few. */
export function isSample(block: number): boolean {
  return Number.isInteger(Math.log2(block)) || block === 0;
}

/** The first of `from`, `from + every` and so on that is not before `t`. */
export function firstAtOrAfter(
  t: number,
  { from, every }: Pick<SeriesRange, "from" | "every">,
): number {
  return from + Math.max(0, Math.ceil((t - from) / every)) * every;
}

/** Index in a series of the first state that is not before `t`. */
export function indexAtOrAfter(t: number, range: Pick<SeriesRange, "from" | "every">): number {
  return (firstAtOrAfter(t, range) - range.from) / range.every;
}

/** How many states of a range lie in [start, end). */
export function countWithin(
  { start, end }: { start: number; end: number },
  range: SeriesRange,
): number {
  const first = firstAtOrAfter(start, range);
  return Math.max(0, Math.ceil((Math.min(end, range.to) - first) / range.every));
}
