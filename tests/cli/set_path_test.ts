import { assertEquals, assertThrows } from "@std/assert";
import { mutationOf, readAssignments } from "../../src/cli/set_path.ts";
import { InputError, UsageError } from "../../src/cli/usage_error.ts";

const state = () => ({
  bytes: new Uint8Array(2),
  weights: new Float32Array(2),
  by: new Map<unknown, unknown>([["a b", { x: 1 }], [2, "two"]]),
  kind: Object.freeze({ name: "wolf", eats: Object.freeze(["hare"]), at: [1] }),
});

/** The state that assignments make. */
function set(...texts: string[]): ReturnType<typeof state> {
  const code = mutationOf(state(), readAssignments(texts));
  return new Function(`return ${code}`)()(state());
}

Deno.test("--set reaches entries of a Map by the path that messages write, too", () => {
  const by = new Map<unknown, unknown>([["a b", { x: 3 }], [2, "zwei"]]);
  assertEquals(set('.by.get("a b").x=3', '.by.get(2)="zwei"').by, by);
  assertEquals(set('.by["a b"].x=3', '.by[2]="zwei"').by, by);
  assertThrows(() => set('.by.get("c")=1'), InputError, "has no such part");
});

Deno.test("--set refuses a number that an element of a typed array does not hold, but rounds fractions", () => {
  assertEquals(set(".bytes[1]=255").bytes, new Uint8Array([0, 255]));
  assertEquals(set(".weights[1]=0.1").weights, new Float32Array([0, 0.1]));
  for (const [value, held] of [["256", "0"], ["-1", "255"], ["1.5", "1"]]) {
    const told = `Cannot set state.bytes[1]: ${value} would be ${held}`;
    assertThrows(() => set(`.bytes[1]=${value}`), InputError, told);
  }
});

Deno.test("--set keeps what is frozen frozen, and refuses to set a part of it", () => {
  const { kind } = set('.kind={"name":"fox","eats":["hare","egg"],"at":[2]}');
  assertEquals(kind, { name: "fox", eats: ["hare", "egg"], at: [2] } as never);
  assertEquals([kind, kind.eats, kind.at].map(Object.isFrozen), [true, true, false]);
  assertThrows(
    () => set('.kind.name="fox"'),
    InputError,
    "Cannot set a part of '.kind': it is frozen",
  );
  assertEquals(set(".kind.at[0]=7").kind.at, [7]);
});

Deno.test("--set of one part twice is refused", () => {
  const twice = () => set(".bytes[1]=2", '.by["a b"].x=3', '.by.get("a b").x=4');
  assertThrows(twice, UsageError, "Invalid option --set: '.by[\"a b\"].x' is given twice");
});
