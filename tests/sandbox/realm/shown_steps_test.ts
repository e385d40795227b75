import { assertEquals, assertRejects } from "@std/assert";
import { recordIn } from "../in_sandbox.ts";

/** A model whose observable cannot make anything of what its step gives from X_`from` on. */
function model(gives: string, from: number): string {
  return `export const init = { age: 0 };
export const step = (s) => { s.age++; if (s.age >= ${from}) return ${gives}; return s; };
export const observe = { age: (s) => s.age, half: (s) => s.age / 2 };`;
}

Deno.test("a step that gives no state is blamed, not the observable that cannot look at it", async () => {
  const first = await assertRejects(() => recordIn(model("undefined", 1)));
  assertEquals((first as Error).message.includes("state is undefined once state 1 is made"), true);
  const later = await assertRejects(() => recordIn(model("undefined", 5)));
  assertEquals(
    (later as Error).message.includes("the state is undefined: the step must return the next"),
    true,
  );
  const promise = await assertRejects(() => recordIn(model("Promise.resolve(s)", 1)));
  assertEquals((promise as Error).message.includes("state is a Promise: a step must be"), true);
  const { failure, steps } = await recordIn(model("Promise.resolve(s)", 12));
  assertEquals([failure?.t, steps], [12, 12]);
  assertEquals(failure?.error.includes("is a Promise: a step must be synchronous"), true);
});

Deno.test("an observable that gives no number is named", async () => {
  const source = `export const init = 0; export const step = (x) => x + 1;
export const observe = { fine: (x) => x, name: (x) => x > 3 ? "x" : 1 };`;
  const error = await assertRejects(() => recordIn(source)) as Error;
  const text = "statistics of a value of type string: observe.name must be a number or a vector";
  assertEquals(error.message.includes(text), true, error.message);
});
