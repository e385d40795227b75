import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { record } from "../../mod.ts";
import { StateEncodingError } from "../../src/errors.ts";

// Of a slow step the guards try less: a busy machine must not look like one.
performance.now = () => 0;

const step = (s: { x: number }) => ({ x: s.x + 1 });
const run = () => record(step, { init: { x: 0 }, steps: 50, seed: 1, blockSize: 7 });

Deno.test("a predicate that gives an object, a function or a promise is refused by every verb", async () => {
  const answers: [unknown, string][] = [
    [{}, "an object"],
    [[], "a list"],
    [() => false, "a function"],
    [Promise.resolve(false), "a promise"],
  ];
  for (const [answer, what] of answers) {
    const message = `it gives ${what}, which counts as true`;
    assertThrows(() => run().find(() => answer), TypeError, message);
    // Only in the middle of a block.
    assertThrows(() => run().find((s) => s.x === 11 ? answer : false), TypeError, message);
    assertThrows(() => run().bisect(() => answer), TypeError, message);
    for (
      const look of [
        () => run().when(".x", { where: () => answer }),
        () => run().changes(".x", { where: () => answer }),
      ]
    ) {
      await assertRejects(look, TypeError, message);
    }
    const until = (() => answer) as unknown as () => boolean;
    assertThrows(
      () => record(step, { init: { x: 0 }, steps: 9, seed: 1, until }),
      TypeError,
      message,
    );
  }
  assertEquals(run().find((s) => s.x === 11 ? "yes" : 0), 11);
  // As of findIndex() and indexOf().
  const message = "it gives -1, which counts as true: it must give true or false";
  assertThrows(() => run().find((s) => [3, 4].indexOf(s.x)), TypeError, message);
  assertThrows(() => run().find((s) => s.x < 11 ? 0 : -1), TypeError, message);
});

Deno.test("a step without return is told at the first state that it makes", () => {
  const forgetful = ((s: { x: number }) => {
    s.x++;
  }) as unknown as typeof step;
  const error = assertThrows(
    () => record(forgetful, { init: { x: 0 }, steps: 10, seed: 1 }),
    StateEncodingError,
  );
  assertEquals(
    error.message.includes("undefined once state 1 is made: the step must return the next state"),
    true,
    error.message,
  );
  // States may be undefined where X_0 is.
  assertEquals(record(() => undefined, { init: undefined, steps: 5, seed: 1 }).get(3), undefined);
});
