import { assert, assertEquals, assertNotStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../any_text.ts";
import { cloneState } from "../../src/codec/copy_state.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { StateEncodingError } from "../../src/errors.ts";

const plainData = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    anyText(),
    fc.bigInt(),
    fc.constantFrom(null, undefined, true, -0, NaN),
    fc.float64Array({ maxLength: 4 }),
    fc.date(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 3 }).map((pairs) => new Map(pairs)),
  ),
})).value;

/** Whether two values share an object anywhere. */
function share(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return false;
  return a === b || Object.keys(a).some((key) => share(Reflect.get(a, key), Reflect.get(b, key)));
}

Deno.test("cloneState() gives an equal state that shares nothing with the original", () => {
  fc.assert(fc.property(plainData, (state) => {
    const clone = cloneState(state);
    assertEquals(encodeState(clone), encodeState(state));
    assert(!share(state, clone));
  }));
});

Deno.test("cloneState() refuses what is no data with the path from the root", () => {
  class Agent {}
  const refused: [state: unknown, path: string][] = [
    [{ agents: [{}, { onTick: () => {} }] }, "state.agents[1].onTick"],
    [[1, [Symbol("x")]], "state[1][0]"],
    [{ a: new Agent() }, "state.a"],
    [() => {}, "state"],
  ];
  for (const [state, path] of refused) {
    const error = assertThrows(() => cloneState(state), StateEncodingError);
    assertEquals(error.path, path);
  }
});

Deno.test("cloneState() keeps a key named __proto__ harmless and -0 as it is", () => {
  const state = JSON.parse('{"__proto__": {"x": 1}, "z": 0}');
  state.z = -0;
  const clone = cloneState(state);
  assertEquals(Object.getPrototypeOf(clone), Object.prototype);
  assert(Object.hasOwn(clone, "__proto__"));
  assertNotStrictEquals(
    Object.getOwnPropertyDescriptor(clone, "__proto__")!.value,
    state["__proto__"],
  );
  assert(Object.is(clone.z, -0));
});

Deno.test("cloneState() copies the elements of an array, not what the array says they are", () => {
  const lies = {
    slice: () => ["slice"],
    constructor: { [Symbol.species]: () => ["species"] },
    [Symbol.iterator]: () => ["iterator"].values(),
  };
  for (const key of Reflect.ownKeys(lies)) {
    const state = [1, [2]];
    Object.defineProperty(state, key, { value: Reflect.get(lies, key), enumerable: false });
    assertEquals(encodeState(cloneState(state)), encodeState([1, [2]]), String(key));
  }
});
