import { assertEquals } from "@std/assert";
import { HeldParameters } from "../../../src/sandbox/realm/held_parameters.ts";
import { ObjectUses } from "../../../src/sandbox/realm/object_uses.ts";

const params = { kinds: [{ food: 1 }], weights: new Float64Array(2), rate: 0.1 };

/** Whether a state that holds a part of the parameters is told, of a module of that text. */
function held(source: string, state: unknown, given: unknown = params): boolean {
  const watch = new HeldParameters(given, { uses: new ObjectUses(source), isResumed: false });
  watch.look({ agents: [1, null, state] }, given);
  return watch.held === "params";
}

Deno.test("HeldParameters tells parts of the parameters where the module compares objects, or can change them", () => {
  const compares = "s.kind === p.kinds[0]";
  const reads = "s.kind.food > 3";
  assertEquals(held(compares, params.kinds[0]), true);
  assertEquals(held(compares, new Map([[params.kinds, 1]])), true);
  assertEquals(held(compares, structuredClone(params)), false);
  assertEquals(held(compares, { rate: params.rate }, { rate: 0.1 }), false);
  // What is frozen cannot be changed in the state.
  assertEquals(held(reads, params.kinds), false);
  assertEquals(held(reads, params.weights), true);
  const resumed = { uses: new ObjectUses(reads), isResumed: true };
  assertEquals(new HeldParameters({ kinds: params.kinds }, resumed).held, undefined);
  assertEquals(new HeldParameters(params, resumed).held, "params");
});
