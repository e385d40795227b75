import { assert, assertEquals } from "@std/assert";
import { record } from "../../src/artifact/run.ts";
import { createRng, RNG_NAMES, type RngName } from "../../src/rng/backends.ts";
import { deriveSeed } from "../../src/rng/derive_seed.ts";
import type { Rng } from "../../src/rng/rng.ts";

const STEPS = 100;

/** A model that keeps the generator it is given first, as classes do. */
function keeping(): (x: number, rng: Rng) => number {
  let kept: Rng | undefined;
  return (x, rng) => {
    kept ??= rng;
    return x + kept.random();
  };
}

/** What a plain loop over the blocks gives. */
function plain(rng: RngName, seed: number): number[] {
  const states = [0];
  let generator: Rng | undefined;
  for (let t = 1; t < STEPS; t++) {
    const block = Math.floor((t - 1) / 10);
    if ((t - 1) % 10 === 0) generator = createRng(rng, deriveSeed(seed, block));
    states.push(states[t - 1]! + generator!.random());
  }
  return states;
}

Deno.test("a step that keeps its first generator gets what a plain loop gives, from every verb", () => {
  for (const rng of RNG_NAMES) {
    const states = plain(rng, 1);
    const step = keeping();
    const run = record(step, { init: 0, steps: STEPS, seed: 1, rng, observe: { x: (x) => x } });
    assertEquals([...run.states()], states);
    assertEquals(
      [17, 3, 99, 4, 5, 60].map((t) => run.get(t)),
      [17, 3, 99, 4, 5, 60].map((t) => states[t]),
    );
    assertEquals(run.find((x) => x > states[57]!), 58);
    assertEquals(run.stats(), run.observed.x);
    assertEquals(run.verify({ full: true }).ok, true);
    assertEquals(run.trace(33).map(({ method, result }) => [method, result]), [
      ["random", createRngAt(rng, 33)],
    ]);
    assertEquals(run.branch(20, { seed: "same" }).get(-1), states[99]);
    assertEquals([...run.states()], states);
  }
});

/** The draw that leads to X_t. */
function createRngAt(rng: RngName, t: number): number {
  const generator = createRng(rng, deriveSeed(1, Math.floor((t - 1) / 10)));
  for (let i = 0; i < (t - 1) % 10; i++) generator.random();
  return generator.random();
}

Deno.test("walks over one run that take turns do not disturb each other", () => {
  for (const rng of RNG_NAMES) {
    const states = plain(rng, 1);
    const run = record(keeping(), { init: 0, steps: STEPS, seed: 1, rng });
    const walks = [run.states(), run.states(13), run.states(40)];
    const seen = walks.map((): number[] => []);
    for (let i = 0; i < 50; i++) {
      walks.forEach((walk, w) => seen[w]!.push(walk.next().value as number));
      assertEquals(run.get((i * 37) % STEPS), states[(i * 37) % STEPS]);
    }
    assertEquals(seen, [states.slice(0, 50), states.slice(13, 63), states.slice(40, 90)]);
  }
});

Deno.test("a predicate may read other states of the run, and of other runs, while it is asked", () => {
  const states = plain("python", 1);
  const run = record(keeping(), { init: 0, steps: STEPS, seed: 1 });
  const other = record(keeping(), { init: 0, steps: STEPS, seed: 2, rng: "numpy" });
  const others = plain("numpy", 2);
  const found = run.find((x, t) => {
    assertEquals([x, run.get(99 - t), other.get(t)], [states[t], states[99 - t], others[t]]);
    return t === 98;
  });
  assertEquals(found, 98);
});

Deno.test("a generator that was kept from another run refuses to draw, instead of giving other numbers", () => {
  const model = keeping();
  record((x: number, rng: Rng) => model(x, rng), { init: 0, steps: STEPS, seed: 1 });
  const second = record((x: number, rng: Rng) => model(x, rng), { init: 0, steps: STEPS, seed: 1 });
  assertEquals(second.failure?.t, 1);
  assert(second.failure!.error.includes("was kept from another run"), second.failure!.error);
});

Deno.test("a run works again after its generator was refused to others, at full speed or not", () => {
  const states = plain("sfc32", 1);
  const first = record(keeping(), { init: 0, steps: STEPS, seed: 1, rng: "sfc32" });
  const second = record(keeping(), { init: 0, steps: STEPS, seed: 1, rng: "sfc32" });
  for (let i = 0; i < 3; i++) {
    assertEquals([...first.states()], states);
    assertEquals([...second.states()], states);
  }
});
