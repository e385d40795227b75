import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { record } from "../../src/artifact/run.ts";
import { parameterProblem } from "../../src/engine/step_parameters.ts";

/** A function of this source text, as a step module would have it. */
function compile(text: string): (...args: never[]) => unknown {
  return new Function(`return (${text});`)();
}

Deno.test("parameterProblem() names the fourth parameter and its default, however it is written", () => {
  const texts = [
    "function (x, rng, params, dt = 0.01) { return x; }",
    "(x, rng, params = {}, dt = 0.01) => x",
    "(x, rng = /[,)=]/g, { a, b = [1, 2] } = f(',', `),${')'}`), dt = 0.01) => x",
    "async function* step(x /* , ) */, rng, // , = )\n params, dt = 0.01, input = 1) {}",
    "(x, rng = 6 / 2 / 3, params = '/', dt = 0.01) => x",
    "{ step(x, rng, params, dt = 0.01) { return x; } }.step",
  ];
  for (const text of texts) {
    assertMatch(
      parameterProblem(compile(text))!,
      /parameter of step, 'dt', has the default 0\.01:/,
    );
  }
});

Deno.test("parameterProblem() finds nothing where no default takes the place of t", () => {
  const texts = [
    "x => x",
    "(x, rng) => x",
    "(x, rng, params, t) => x",
    "(x, rng, params, t, input = 0) => x",
    "(x, rng, params = { dt: 0.01, a: [1, 2, 3, 4] }) => x",
    "(x, rng, { a = 1, b = 2, c = 3, d = 4 }) => x",
    "(x, rng, params, ...rest) => x",
    "(...args) => args[0]",
    "x => (a, b, c, d = 1) => x",
    "Math.max",
    "((x, rng) => x).bind(undefined)",
  ];
  for (const text of texts) assertEquals(parameterProblem(compile(text)), undefined, text);
});

Deno.test("record() refuses a step whose fourth parameter has a default", () => {
  assertThrows(
    () => record((x: number, _rng, _params, dt = 0.5) => x + dt, { init: 0, steps: 3, seed: 1 }),
    TypeError,
    "Put 'dt' into params",
  );
});
