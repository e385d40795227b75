/**
 * Equality of states by their values, and where two states first differ. States are graphs, and equal if they cannot be told
 * apart by following paths from their roots: one object in two places equals two equal objects. Whether the same
 * objects are shared is a second, weaker fact.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "./decode_state.ts";
import { dataKind } from "./data_kind.ts";
import { joinPath } from "./object_parts.ts";
import { formatValue } from "./format_value.ts";
import { EXTENSIBLE, FROZEN, integrityName, integrityOf } from "./integrity.ts";
import { elementDifference, numberDifference, valueDifference } from "./number_difference.ts";
import { inContentOrder } from "./set_content.ts";
import { describeSharing } from "./compare_sharing.ts";
import {
  elementSegment,
  mapKeySegment,
  mapValueSegment,
  propertySegment,
  ROOT_PATH,
  setValueSegment,
} from "./state_path.ts";
import type {
  CompareOptions,
  Entries,
  Fields,
  Kind,
  Members,
  Pair,
  Pairs,
  StateComparison,
  TypedArray,
} from "./types.ts";
import type { StateDifference } from "../error_types.ts";

/** Whether two encodings are the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  const { length } = a;
  if (length !== b.length) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const EQUAL: StateComparison = { kind: "equal" };

/**
 * Compares two states by their encodings; those of equal ones are mostly the same bytes, and then nothing is decoded.
 *
 * @param expected The encoding of the recorded state.
 * @param actual The encoding of the replayed state.
 */
export function compareEncodings(
  expected: Uint8Array,
  actual: Uint8Array,
  options: CompareOptions = {},
): StateComparison {
  if (equalBytes(expected, actual)) return EQUAL;
  const expectedState = decodeState(expected);
  const actualState = decodeState(actual);
  const value = describeDifference(expectedState, actualState, options);
  if (value !== undefined) return { kind: "value", difference: value };
  // What is in sets cannot be walked through side by side then.
  if (options.unorderedSets) return EQUAL;
  const sharing = describeSharing(expectedState, actualState);
  return sharing === undefined ? EQUAL : { kind: "sharing", difference: sharing };
}

/**
 * The first place, in the order of the encoding, at which the values of two states differ; undefined if
 * they are equal. Sizes of arrays, Maps and Sets come before their contents, as `state.list.length`.
 *
 * @param expected The recorded state, as decoded.
 * @param actual The replayed state, as decoded.
 */
export function describeDifference(
  expected: unknown,
  actual: unknown,
  options: CompareOptions = {},
): StateDifference | undefined {
  for (const difference of differences(expected, actual, options)) return difference;
  return undefined;
}

/** All places at which the values of two states differ, in that order, looked for as they are asked for. */
export function* differences(
  expected: unknown,
  actual: unknown,
  options: CompareOptions = {},
): Generator<StateDifference, void, void> {
  const walk = new PairWalk(options);
  for (let found = walk.visit(expected, actual);;) {
    if (found !== undefined) yield { ...found, path: walk.path(found.path) };
    const next = walk.next();
    if (next === undefined) return;
    found = "path" in next ? next : walk.visit(next.expected, next.actual);
  }
}

const MISSING = "(missing)";

/** A walk through two states at once, in the order of the encoding, each pair of objects once. */
class PairWalk {
  readonly #options: CompareOptions;
  readonly #known = new Equivalence();
  readonly #open: { readonly pairs: Pairs; segment: () => string }[] = [];

  constructor(options: CompareOptions) {
    this.#options = options;
  }

  /** The difference of two values themselves; the contents of two objects come next. */
  visit(expected: unknown, actual: unknown): StateDifference | undefined {
    if (Object.is(expected, actual)) return undefined;
    if (typeof expected === "number" && typeof actual === "number") {
      return numberDifference(expected, actual);
    }
    if (!isObject(expected) || !isObject(actual)) return valueDifference(expected, actual);
    const kind = dataKind(expected);
    if (kind === undefined || kind !== dataKind(actual)) return valueDifference(expected, actual);
    const level = integrityOf(expected);
    const actualLevel = integrityOf(actual);
    const { mayBeFrozen, unorderedSets } = this.#options;
    const isFine = mayBeFrozen && level === EXTENSIBLE && actualLevel === FROZEN;
    if (level !== actualLevel && !isFine) {
      const text = (level: number): string => `an object that is ${integrityName(level)}`;
      return { path: "", expected: text(level), actual: text(actualLevel) };
    }
    if (this.#known.join(expected, actual)) {
      const pairs = unorderedSets && kind === "Set"
        ? memberPairs(expected as Members, actual as Members)
        : contentPairs(kind, expected, actual);
      this.#open.push({ pairs, segment: () => "" });
    }
    return undefined;
  }

  /** The next two values, or a difference of what is around them; undefined at the end. */
  next(): Pair | StateDifference | undefined {
    for (;;) {
      const innermost = this.#open.at(-1);
      if (innermost === undefined) return undefined;
      const { done, value } = innermost.pairs.next();
      if (done) {
        this.#open.pop();
        continue;
      }
      innermost.segment = "segment" in value ? value.segment : () => "";
      return value;
    }
  }

  /** The path of what was given last, and of `rest` in it. */
  path(rest: string): string {
    return joinPath(ROOT_PATH, this.#open.map(({ segment }) => segment())) + rest;
  }
}

/**
 * Objects that are taken to be equal, as classes: what follows from pairs that were visited need not be visited. So two
 * graphs of n objects take n steps, though they may have n * n pairs (Hopcroft and Karp, 1971).
 */
class Equivalence {
  readonly #parents = new Map<object, object>();

  /** Takes two objects to be equal; returns whether that was not known. */
  join(a: object, b: object): boolean {
    const classOfA = this.#classOf(a);
    const classOfB = this.#classOf(b);
    if (classOfA === classOfB) return false;
    this.#parents.set(classOfA, classOfB);
    return true;
  }

  #classOf(object: object): object {
    let at = object;
    for (let parent = this.#parents.get(at); parent !== undefined;) {
      const grandparent = this.#parents.get(parent);
      if (grandparent !== undefined) this.#parents.set(at, grandparent);
      at = parent;
      parent = grandparent;
    }
    return at;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isSame(expected: unknown, actual: unknown): boolean {
  return !isObject(expected) && Object.is(expected, actual);
}

function* contentPairs(kind: Kind, expected: object, actual: object): Pairs {
  switch (kind) {
    case "Object":
    case "NullPrototype":
      return yield* propertyPairs(expected as Fields, actual as Fields);
    case "Array":
      return yield* elementPairs(expected as unknown[], actual as unknown[]);
    case "Map":
      return yield* entryPairs(expected as Entries, actual as Entries);
    case "Set":
      return yield* valuePairs(expected as Members, actual as Members);
    case "Date": {
      const isSameTime = Object.is((expected as Date).getTime(), (actual as Date).getTime());
      if (!isSameTime) yield valueDifference(expected, actual);
      return;
    }
    case "ArrayBuffer":
      return yield* typedDifference(
        new Uint8Array(expected as ArrayBuffer),
        new Uint8Array(actual as ArrayBuffer),
      );
    case "DataView":
      return yield* typedDifference(viewBytes(expected as DataView), viewBytes(actual as DataView));
    default:
      return yield* typedDifference(expected as TypedArray, actual as TypedArray);
  }
}

function viewBytes(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Property by property in order; a name that only one of them has is missing in the other. */
function* propertyPairs(expected: Fields, actual: Fields): Pairs {
  const expectedNames = Object.keys(expected);
  const actualNames = Object.keys(actual);
  let isInOrder = true;
  let i = 0;
  let j = 0;
  while (i < expectedNames.length || j < actualNames.length) {
    const name = expectedNames[i];
    const other = actualNames[j];
    if (name !== undefined && !Object.hasOwn(actual, name)) {
      yield { path: propertySegment(name), expected: formatValue(expected[name]), actual: MISSING };
      i++;
    } else if (other !== undefined && !Object.hasOwn(expected, other)) {
      yield { path: propertySegment(other), expected: MISSING, actual: formatValue(actual[other]) };
      j++;
    } else {
      // Both have both names, so there are as many left on either side.
      if (name !== other && isInOrder) {
        yield { path: "", expected: orderText(expectedNames), actual: orderText(actualNames) };
        isInOrder = false;
      }
      i++;
      j++;
      if (isSame(expected[name!], actual[name!])) continue;
      const segment = () => propertySegment(name!);
      yield { segment, expected: expected[name!], actual: actual[name!] };
    }
  }
}

function orderText(names: readonly string[]): string {
  return `keys in the order ${formatValue(names)}`;
}

function sizeDifference(name: string, expected: number, actual: number): StateDifference {
  return { ...valueDifference(expected, actual), path: name };
}

function* elementPairs(expected: readonly unknown[], actual: readonly unknown[]): Pairs {
  const { length } = expected;
  if (length !== actual.length) yield sizeDifference(".length", length, actual.length);
  for (let i = 0; i < Math.min(length, actual.length); i++) {
    if (isSame(expected[i], actual[i])) continue;
    yield { segment: () => elementSegment(i), expected: expected[i], actual: actual[i] };
  }
}

function* entryPairs(expected: Entries, actual: Entries): Pairs {
  if (expected.size !== actual.size) yield sizeDifference(".size", expected.size, actual.size);
  const actualEntries = actual.entries();
  let i = 0;
  for (const [key, value] of expected) {
    const entry = actualEntries.next();
    if (entry.done) return;
    const [actualKey, actualValue] = entry.value;
    const index = i++;
    yield { segment: () => mapKeySegment(index), expected: key, actual: actualKey };
    yield { segment: () => mapValueSegment(key, index), expected: value, actual: actualValue };
  }
}

function* valuePairs(expected: Members, actual: Members): Pairs {
  if (expected.size !== actual.size) yield sizeDifference(".size", expected.size, actual.size);
  const actualValues = actual.values();
  let i = 0;
  for (const value of expected) {
    const index = i++;
    const other = actualValues.next();
    if (other.done) return;
    yield { segment: () => setValueSegment(index), expected: value, actual: other.value };
  }
}

/** Sets by their content: the values are those of both in one order. */
function* memberPairs(expected: Members, actual: Members): Pairs {
  if (expected.size !== actual.size) yield sizeDifference(".size", expected.size, actual.size);
  const actualValues = inContentOrder(actual);
  for (const [i, value] of inContentOrder(expected).entries()) {
    if (i === actualValues.length) return;
    yield { segment: () => setValueSegment(i), expected: value, actual: actualValues[i] };
  }
}

function* typedDifference(expected: TypedArray, actual: TypedArray): Pairs {
  const { length } = expected;
  if (length !== actual.length) yield sizeDifference(".length", length, actual.length);
  for (let i = 0; i < Math.min(length, actual.length); i++) {
    if (Object.is(expected[i], actual[i])) continue;
    yield { ...elementDifference(expected[i]!, actual[i]!, expected), path: elementSegment(i) };
  }
}
