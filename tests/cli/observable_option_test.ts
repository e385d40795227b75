import { assertEquals, assertThrows } from "@std/assert";
import { checkOfState, readObservables } from "../../src/cli/observable_option.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

Deno.test("a function of more than the state is refused as an observable, as its t would be undefined", () => {
  for (const text of ["(s, t) => s / t", "function (s, t) { return t; }", "(a, b, c) => c"]) {
    assertThrows(() => checkOfState(text, "--of"), UsageError, "is given the state alone");
    assertThrows(() => readObservables([`x=${text}`]), UsageError, "for --observe");
  }
  for (
    const text of [
      "s => s.x",
      "(s) => Math.max(s.a, s.b)",
      "({ a, b }) => a + b",
      "(s, k = 2) => s * k",
    ]
  ) {
    checkOfState(text, "--of");
  }
});

Deno.test("record tells of an observable of the module that has more parameters than it is given", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "rate.js",
    `export const init = { x: 0 };
export const step = (s, rng) => ({ x: s.x + rng.random() });
export const observe = { rate: (s, t) => s.x / t, x: (s) => s.x };
`,
  );
  const words = ["--steps", "20", "--seed", "1", "-o", folder.file("run.replay")];
  const { code, notes } = await runVerb(["record", module, ...words]);
  assertEquals([code, notes], [
    0,
    "note: observe.rate has 2 parameters, and is given the state alone",
  ]);
});
