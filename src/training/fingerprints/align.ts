/**
 * Pairs the records of one step in two streams, where one of them may have more, fewer, or some in another order.
 * This module is browser compatible.
 *
 * @module
 */

import { type FingerprintRecord, keyOf } from "./record.ts";

/** Two records that are the same thing in both runs, or one that only one run has. */
export interface RecordPair {
  /** Of the first run. */
  readonly a: FingerprintRecord | undefined;
  /** Of the second run. */
  readonly b: FingerprintRecord | undefined;
}

/** Products of lengths up to which the best alignment is searched for. */
const CELLS_MAX = 4_000_000;
/** Worth of a pair with the same name and hash against one with the same name alone. */
const EQUAL = 3;
const NAMED = 2;

/** Pairs by kind and name, in order; what is equal on both sides is never one-sided. */
export function alignRecords(
  a: readonly FingerprintRecord[],
  b: readonly FingerprintRecord[],
): RecordPair[] {
  let head = 0;
  while (head < a.length && head < b.length && sameKey(a[head]!, b[head]!)) head++;
  let tail = 0;
  while (
    tail < a.length - head && tail < b.length - head &&
    sameKey(a[a.length - 1 - tail]!, b[b.length - 1 - tail]!)
  ) tail++;
  const pairs: RecordPair[] = [];
  for (let i = 0; i < head; i++) pairs.push({ a: a[i], b: b[i] });
  const middle = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)] as const;
  pairs.push(...joinMoved(alignMiddle(...middle)));
  for (let i = tail; i > 0; i--) pairs.push({ a: a[a.length - i], b: b[b.length - i] });
  return pairs;
}

function sameKey(a: FingerprintRecord, b: FingerprintRecord): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/** The alignment of the greatest worth, by the usual table. */
function alignMiddle(
  a: readonly FingerprintRecord[],
  b: readonly FingerprintRecord[],
): RecordPair[] {
  const width = b.length + 1;
  if (a.length === 0 || b.length === 0 || (a.length + 1) * width > CELLS_MAX) {
    return alignInOrder(a, b);
  }
  const worth = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let k = b.length - 1; k >= 0; k--) {
      const at = i * width + k;
      const skip = Math.max(worth[at + width]!, worth[at + 1]!);
      worth[at] = sameKey(a[i]!, b[k]!)
        ? Math.max(skip, worth[at + width + 1]! + (a[i]!.hash === b[k]!.hash ? EQUAL : NAMED))
        : skip;
    }
  }
  const pairs: RecordPair[] = [];
  let i = 0;
  let k = 0;
  while (i < a.length && k < b.length) {
    const at = i * width + k;
    const both = sameKey(a[i]!, b[k]!)
      ? worth[at + width + 1]! + (a[i]!.hash === b[k]!.hash ? EQUAL : NAMED)
      : -1;
    if (both === worth[at]) pairs.push({ a: a[i++], b: b[k++] });
    else if (worth[at + width] === worth[at]) pairs.push({ a: a[i++], b: undefined });
    else pairs.push({ a: undefined, b: b[k++] });
  }
  while (i < a.length) pairs.push({ a: a[i++], b: undefined });
  while (k < b.length) pairs.push({ a: undefined, b: b[k++] });
  return pairs;
}

/** For steps that are too long for the table: the n-th record of a name goes with the n-th of the other run. */
function alignInOrder(
  a: readonly FingerprintRecord[],
  b: readonly FingerprintRecord[],
): RecordPair[] {
  const waiting = new Map<string, FingerprintRecord[]>();
  for (const record of b) {
    const list = waiting.get(keyOf(record));
    if (list === undefined) waiting.set(keyOf(record), [record]);
    else list.push(record);
  }
  const pairs: RecordPair[] = [];
  for (const record of a) pairs.push({ a: record, b: waiting.get(keyOf(record))?.shift() });
  for (const list of waiting.values()) pairs.push(...list.map((b) => ({ a: undefined, b })));
  return pairs;
}

/** Records that only changed places, as threads have it, are one pair at the first of the two places. */
function joinMoved(pairs: readonly RecordPair[]): RecordPair[] {
  const lone = new Map<string, RecordPair[]>();
  const full = (record: FingerprintRecord): string => `${keyOf(record)} ${record.hash}`;
  for (const pair of pairs) {
    if (pair.a !== undefined && pair.b !== undefined) continue;
    const key = full((pair.a ?? pair.b)!);
    const list = lone.get(key);
    if (list === undefined) lone.set(key, [pair]);
    else list.push(pair);
  }
  const places = new Map(pairs.map((pair, place) => [pair, place]));
  const joined = new Map<RecordPair, RecordPair | undefined>();
  for (const list of lone.values()) {
    const onlyA = list.filter((pair) => pair.b === undefined);
    const onlyB = list.filter((pair) => pair.a === undefined);
    for (let i = 0; i < Math.min(onlyA.length, onlyB.length); i++) {
      const [x, y] = [onlyA[i]!, onlyB[i]!];
      const [earlier, later] = places.get(x)! < places.get(y)! ? [x, y] : [y, x];
      joined.set(earlier, { a: x.a, b: y.b });
      joined.set(later, undefined);
    }
  }
  if (joined.size === 0) return [...pairs];
  return pairs.flatMap((pair) => joined.has(pair) ? joined.get(pair) ?? [] : [pair]);
}
