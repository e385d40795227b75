import { assert, assertEquals, assertThrows } from "@std/assert";
import { splitCommand } from "../../../src/training/command/command_words.ts";
import {
  injectSeed,
  type SeedInjectionOptions,
} from "../../../src/training/command/seed_injection.ts";

function inject(command: string, options: SeedInjectionOptions = {}): string[] {
  return [...injectSeed(splitCommand(command).argv, 42n, options).argv].slice(1);
}

Deno.test("injectSeed() appends or replaces --seed", () => {
  assertEquals(inject("t"), ["--seed", "42"]);
  assertEquals(inject("t --seed 5 x"), ["--seed", "42", "x"]);
});

// Each of these is left as it is, or torn apart, by rldk (training.md, section 2).
Deno.test("injectSeed() handles the spellings that a text replacement gets wrong", () => {
  assertEquals(inject("t --seed=5"), ["--seed=42"]);
  assertEquals(inject("t --seed -5"), ["--seed", "42"]);
  assertEquals(inject("t --seed=-5"), ["--seed=42"]);
  assertEquals(inject("t --seed 0x10"), ["--seed", "42"]);
  assertEquals(inject("t --seed 1e3"), ["--seed", "42"]);
  assertEquals(inject("t --seed-offset 3"), ["--seed-offset", "3", "--seed", "42"]);
  assertEquals(inject("t --train.seed 4"), ["--train.seed", "42"]);
  assertEquals(inject("t --train.seed=4"), ["--train.seed=42"]);
  assertEquals(inject("t data.seed=4 lr=1"), ["data.seed=42", "lr=1"]);
  assertEquals(inject("t # --seed 5"), ["--seed", "42"]);
  assertEquals(inject(`python -c "x('--seed 5')"`), ["-c", "x('--seed 5')", "--seed", "42"]);
});

Deno.test("injectSeed() gives a value to a --seed without one", () => {
  assertEquals(inject("t --seed"), ["--seed", "42"]);
  assertEquals(inject("t --seed --fast"), ["--seed", "42", "--fast"]);
});

Deno.test("injectSeed() leaves a sub-command of a shell alone and says so", () => {
  const { argv, warnings } = injectSeed(["sh", "-c", "python t.py --seed 5"], 42n);
  assertEquals(argv, ["sh", "-c", "python t.py --seed 5"]);
  assert(warnings[0]!.includes("{seed}"));
  assertEquals(injectSeed(["sh", "-c", "p --seed {seed}"], 42n).argv[2], "p --seed 42");
});

Deno.test("injectSeed() replaces the first of several --seed and warns", () => {
  const { argv, warnings } = injectSeed(["t", "--seed", "1", "--seed", "2"], 42n);
  assertEquals(argv, ["t", "--seed", "42", "--seed", "2"]);
  assert(warnings[0]!.includes("2 times"));
});

Deno.test("injectSeed() puts the seed where seedArg and seedEnv say", () => {
  assertEquals(inject("t --train.seed 4", { seedArg: "--train.seed {seed}" }), [
    "--train.seed",
    "42",
  ]);
  assertEquals(inject("t", { seedArg: "--train.seed {seed}" }), ["--train.seed", "42"]);
  assertEquals(inject("t data.seed=1", { seedArg: "data.seed={seed}" }), ["data.seed=42"]);
  assertEquals(inject("t", { seedArg: "data.seed={seed}" }), ["data.seed=42"]);
  assertEquals(inject("t a.seed=1 b.seed=2", { seedArg: ["a.seed={seed}", "b.seed={seed}"] }), [
    "a.seed=42",
    "b.seed=42",
  ]);
  const byEnvironment = injectSeed(["t"], 42n, { seedEnv: "PL_GLOBAL_SEED" });
  assertEquals(byEnvironment.argv, ["t"]);
  assertEquals(byEnvironment.env, { PL_GLOBAL_SEED: "42" });
});

Deno.test("injectSeed() keeps seeds of any size exact", () => {
  assertEquals(injectSeed(["t"], 2n ** 64n + 1n).argv[2], "18446744073709551617");
});

Deno.test("injectSeed() refuses what it cannot place", () => {
  assertThrows(() => inject("t a.seed=1 b.seed=2"), TypeError, "a.seed=1, b.seed=2");
  assertThrows(() => inject("t", { seedArg: "--seed" }), TypeError, "{seed}");
  assertThrows(() => inject("t", { seedEnv: "A B" }), TypeError, "variable name");
});
