/**
 * States as JSON, for `--json` and exports; `json_state.ts` reads what is written here, and lists the forms.
 *
 * JSON is a tree: an object that is reached in several ways is written once for each, as long as that is
 * bounded. What would have no end is `{"$ref": "state.people[2]"}`, with the path at which the object was
 * written first: an object inside of itself, and what goes beyond {@linkcode JSON_REPEATS_MAX} values that were
 * written before. What lies deeper than {@linkcode STATE_DEPTH_MAX} levels is left out, and `$ref` has its own path.
 *
 * This module is browser compatible.
 *
 * @module
 */

import {
  DRAWS_DEPTH_MAX,
  DRAWS_OBJECTS_MAX,
  DRAWS_REPEATS_MAX,
  JSON_REPEATS_MAX,
} from "./limits.ts";
import { STATE_DEPTH_MAX } from "../limits.ts";
import { copyState } from "./copy_state.ts";
import { dataKind } from "./data_kind.ts";
import { joinPath, segmentsOf } from "./object_parts.ts";
import { addProperty } from "./properties.ts";
import {
  elementSegment,
  mapKeySegment,
  mapValueSegment,
  propertySegment,
  ROOT_PATH,
  setValueSegment,
} from "./state_path.ts";
import type { Place } from "./types.ts";

/** Anything that `JSON.stringify` writes without loss and `JSON.parse` gives. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A state as a value that `JSON.stringify` writes without loss of values; which objects are one is lost.
 *
 * @param value The state, or several of them, which are bounded together.
 * @param root What paths of references begin with.
 * @throws {StateEncodingError} If the state is not plain data.
 *
 * @example Usage
 * ```ts
 * import { stateToJson } from "./state_to_json.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const json = JSON.stringify(stateToJson({ x: NaN, seen: new Set([1]) }));
 * assertEquals(json, '{"x":{"$number":"NaN"},"seen":{"$set":[1]}}');
 *
 * const agent: Record<string, unknown> = { id: 1 };
 * agent.friend = agent;
 * assertEquals(JSON.stringify(stateToJson({ agent })), '{"agent":{"id":1,"friend":{"$ref":"state.agent"}}}');
 * ```
 */
export function stateToJson(value: unknown, root: string = ROOT_PATH): Json {
  // The copy is plain data for certain: it can be read without further care.
  return new JsonWriter({ ...OF_STATES, root }).write(copyState(value), undefined);
}

/** The same of a state that is plain data for certain, as it was decoded here. */
export function plainToJson(value: unknown): Json {
  return new JsonWriter(OF_STATES).write(value, undefined);
}

/**
 * Calls to a generator as such values. They are bounded together, as each may be given the whole state, and give a part
 * of it from which all others are reached: what goes beyond is \`{"$ref": "draws[3].result.next"}\`.
 *
 * @throws {StateEncodingError} If an argument or a result is not plain data.
 */
export function drawsToJson(
  draws: readonly { method: string; args: readonly unknown[]; result: unknown }[],
): Json {
  const plain = draws.map(({ method, args, result }) => ({ method, args: [...args], result }));
  return new JsonWriter(OF_DRAWS).write(copyState(plain), undefined);
}

/** How much is written. */
interface JsonBounds {
  /** What paths of references begin with. */
  readonly root: string;
  readonly depthMax: number;
  /** Most values that were written before. */
  readonly repeatsMax: number;
  /** Most objects. */
  readonly objectsMax: number;
}

const OF_STATES: JsonBounds = {
  root: ROOT_PATH,
  depthMax: STATE_DEPTH_MAX,
  repeatsMax: JSON_REPEATS_MAX,
  objectsMax: Infinity,
};

const OF_DRAWS: JsonBounds = {
  root: "draws",
  depthMax: DRAWS_DEPTH_MAX,
  repeatsMax: DRAWS_REPEATS_MAX,
  objectsMax: DRAWS_OBJECTS_MAX,
};

/** Segments that the path of a reference has: there may be a million references at one depth. */
const REFERENCE_SEGMENTS_MAX = 24;

/** Where an object was written first, and whether that goes on. */
interface Visit {
  readonly place: Place | undefined;
  isOpen: boolean;
}

class JsonWriter {
  readonly #bounds: JsonBounds;
  readonly #visits = new Map<object, Visit>();
  #depth = 0;
  /** How many objects around the current value were written before. */
  #repeatsOpen = 0;
  /** How many values were written again. */
  #repeated = 0;
  #objects = 0;

  constructor(bounds: JsonBounds) {
    this.#bounds = bounds;
  }

  write(value: unknown, place: Place | undefined): Json {
    if (this.#repeatsOpen > 0) this.#repeated++;
    switch (typeof value) {
      case "number":
        return numberToJson(value);
      case "bigint":
        return { $bigint: `${value}` };
      case "undefined":
        return { $undefined: true };
      case "object":
        return value === null ? null : this.#writeObject(value, place);
      default:
        return value as string | boolean;
    }
  }

  #writeObject(object: object, place: Place | undefined): Json {
    const { depthMax, repeatsMax, objectsMax } = this.#bounds;
    const earlier = this.#visits.get(object);
    if (earlier?.isOpen || earlier !== undefined && this.#repeated >= repeatsMax) {
      return this.#reference(earlier.place);
    }
    if (this.#depth === depthMax || this.#objects++ >= objectsMax) return this.#reference(place);
    const visit = earlier ?? { place, isOpen: true };
    this.#visits.set(object, visit);
    visit.isOpen = true;
    this.#depth++;
    if (earlier !== undefined) this.#repeatsOpen++;
    const json = this.#writeContents(object, place);
    if (earlier !== undefined) this.#repeatsOpen--;
    this.#depth--;
    visit.isOpen = false;
    return json;
  }

  #writeContents(object: object, place: Place | undefined): Json {
    const kind = dataKind(object);
    switch (kind) {
      case "Array":
        return (object as unknown[]).map((item, i) =>
          this.write(item, { parent: place, segment: () => elementSegment(i) })
        );
      case "Map":
        return {
          $map: Array.from(object as Map<unknown, unknown>, (entry, i) => [
            this.write(entry[0], { parent: place, segment: () => mapKeySegment(i) }),
            this.write(entry[1], { parent: place, segment: () => mapValueSegment(entry[0], i) }),
          ]),
        };
      case "Set":
        return {
          $set: Array.from(object as Set<unknown>, (value, i) =>
            this.write(value, {
              parent: place,
              segment: () => setValueSegment(i),
            })),
        };
      case "Date": {
        const time = (object as Date).getTime();
        return { $date: Number.isNaN(time) ? null : (object as Date).toISOString() };
      }
      case "ArrayBuffer":
        return { $arrayBuffer: Array.from(new Uint8Array(object as ArrayBuffer)) };
      case "DataView": {
        const { buffer, byteOffset, byteLength } = object as DataView;
        return { $dataView: Array.from(new Uint8Array(buffer, byteOffset, byteLength)) };
      }
      case "NullPrototype":
        return { $nullPrototype: this.#writePairs(object, place) };
      case "Object":
        return Object.keys(object).some((key) => key.startsWith("$"))
          ? { $object: this.#writePairs(object, place) }
          : this.#writeProperties(object, place);
      default: {
        const elements = object as ArrayLike<number | bigint> & object;
        return {
          $typed: kind!.name,
          data: Array.from(elements, (element) => this.write(element, place)),
        };
      }
    }
  }

  #reference(place: Place | undefined): Json {
    return { $ref: joinPath(this.#bounds.root, segmentsOf(place), REFERENCE_SEGMENTS_MAX) };
  }

  #writePairs(object: object, place: Place | undefined): Json[] {
    return Object.entries(object).map(([key, value]) => [
      key,
      this.write(value, { parent: place, segment: () => propertySegment(key) }),
    ]);
  }

  #writeProperties(object: object, place: Place | undefined): Json {
    const json: Record<string, Json> = {};
    for (const [key, value] of Object.entries(object)) {
      const part = { parent: place, segment: () => propertySegment(key) };
      addProperty(json, key, this.write(value, part));
    }
    return json;
  }
}

function numberToJson(value: number): Json {
  if (value === 0 && 1 / value < 0) return { $number: "-0" };
  return Number.isFinite(value) ? value : { $number: `${value}` };
}
