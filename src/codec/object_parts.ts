/**
 * What is in an object of a state, one after another in the order of the encoding, for walks that need not be the
 * fastest. Runs no code of the state: getters are passed over.
 * This module is browser compatible.
 *
 * @module
 */

import {
  getOwnPropertyDescriptor,
  mapEntries,
  mapNext,
  mapSize,
  objectKeys,
  setNext,
  setSize,
  setValues,
} from "./intrinsics.ts";
import { dataKind } from "./data_kind.ts";
import {
  elementSegment,
  mapKeySegment,
  mapValueSegment,
  propertySegment,
  setValueSegment,
} from "./state_path.ts";

/** A value in an object: where it is, and what. */
export interface ObjectPart {
  /** How the place is written, after the path of the object. */
  readonly segment: () => string;
  /** What is there. */
  readonly value: unknown;
}

/** The values of an array, plain object, Map (keys and values) or Set; nothing for any other object. */
export function* objectParts(object: object): Generator<ObjectPart, void, void> {
  switch (dataKind(object)) {
    case "Object":
    case "NullPrototype":
      for (const key of objectKeys(object)) {
        const value: unknown = getOwnPropertyDescriptor(object, key)?.value;
        yield { segment: () => propertySegment(key), value };
      }
      break;
    case "Array":
      for (let i = 0; i < (object as unknown[]).length; i++) {
        const value: unknown = getOwnPropertyDescriptor(object, i)?.value;
        yield { segment: () => elementSegment(i), value };
      }
      break;
    case "Map": {
      const iterator = mapEntries(object as Map<unknown, unknown>);
      const size = mapSize(object);
      for (let i = 0; i < size; i++) {
        const step = mapNext(iterator);
        if (step.done) return;
        const [key, value] = step.value;
        yield { segment: () => mapKeySegment(i), value: key };
        yield { segment: () => mapValueSegment(key, i), value };
      }
      break;
    }
    case "Set": {
      const iterator = setValues(object as Set<unknown>);
      const size = setSize(object);
      for (let i = 0; i < size; i++) {
        const step = setNext(iterator);
        if (step.done) return;
        yield { segment: () => setValueSegment(i), value: step.value };
      }
      break;
    }
  }
}

/** All objects of a state, each once. */
export function* objectsOf(state: unknown): Generator<object, void, void> {
  if (typeof state !== "object" || state === null) return;
  const seen = new Set<object>([state]);
  for (const object of seen) {
    yield object;
    for (const { value } of objectParts(object)) {
      if (typeof value === "object" && value !== null) seen.add(value);
    }
  }
}
