import { assert, assertEquals, assertThrows } from "@std/assert";
import { record } from "../../src/artifact/run.ts";
import type { createRng } from "../../src/rng/backends.ts";
import type { Rng } from "../../src/rng/rng.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import { StepError } from "../../src/errors.ts";

Deno.test("trace() shows spawned generators, the bits behind, and calls that threw", () => {
  const step = (x: number, rng: ReturnType<typeof createRng<"numpy">>) => {
    const [a, b] = rng.spawn(2) as [typeof rng, typeof rng];
    const child = a.spawn(1)[0]!;
    let sum = a.random() + b.normal() + child.integers(10) + rng.bitGenerator.nextDouble();
    try {
      sum += rng.integers(5, 1) as number;
    } catch {
      sum += 1;
    }
    return x + sum;
  };
  const run = record(step, { init: 0, steps: 20, seed: 3, rng: "numpy" });
  assertEquals(run.trace(1).map(({ method }) => method), [
    "spawn",
    "spawn[0].spawn",
    "spawn[0].random",
    "spawn[1].normal",
    "spawn[0].spawn[0].integers",
    "bitGenerator.nextDouble",
    "integers",
  ]);
  // Children are counted within the block.
  assertEquals(run.trace(2)[2]!.method, "spawn[2].random");
  assertEquals(run.trace(1).at(-1)!.result, "[threw]");
  assertEquals([...run.states()].at(-1), run.get(-1));
});

Deno.test("trace() shows draws among instances of classes and functions", () => {
  class Agent {
    constructor(readonly id: number) {}
  }
  const codec = {
    encode: (agents: Agent[]) => agents.map(({ id }) => id),
    decode: (ids: unknown) => (ids as number[]).map((id) => new Agent(id)),
  };
  const step = (agents: Agent[], rng: PythonRandom) => {
    rng.shuffle(agents);
    const chosen = rng.choice(agents);
    const move = rng.choice([(x: number) => x + 1, (x: number) => x - 1]);
    rng.sample([Symbol("a"), Symbol("b"), Symbol("c")], 2);
    return agents.map((agent) => agent === chosen ? new Agent(move(agent.id)) : agent);
  };
  const init = () => [1, 2, 3].map((id) => new Agent(id));
  const run = record(step, { init, steps: 5, seed: 1, codec });
  const [shuffle, chosen, move, sample] = run.trace(1);
  assertEquals(shuffle!.args, [[{ id: 1 }, { id: 2 }, { id: 3 }]]);
  const after = chosen!.args[0] as { id: number }[];
  assert(after.some(({ id }) => id === (chosen!.result as { id: number }).id));
  assertEquals([move!.args, move!.result], [[["[function]", "[function]"]], "[function]"]);
  assertEquals(sample!.args, [["[symbol]", "[symbol]", "[symbol]"], 2]);
});

Deno.test("trace() refuses where the generator moved without an entry", () => {
  let bound: (() => number) | undefined;
  const step = (x: number, rng: Rng) => {
    bound ??= rng.random.bind(rng);
    return x + bound();
  };
  const run = record(step, { init: 0, steps: 20, seed: 3 });
  assertEquals(run.verify({ full: true }).ok, true);
  const error = assertThrows(() => run.trace(5), Error, "leaves no entry");
  assertEquals((error as { code?: string }).code, "UNTRACED_DRAW");
});

Deno.test("a step that threw can be looked into: get() before it, trace() up to it, and where it threw", () => {
  let limit = 10;
  const step = (x: number, rng: Rng) => {
    const u = rng.random();
    if (x >= limit) throw new Error("too far");
    return x + 1 + 0 * u;
  };
  const run = record(step, { init: 0, steps: 20, seed: 3, blockSize: 4 });
  assertEquals([run.steps, run.failure?.t], [11, 11]);
  assertEquals(run.trace(11).map(({ method }) => method), ["random"]);
  assertThrows(() => run.trace(12), RangeError);
  limit = 5;
  const error = assertThrows(() => run.get(7), StepError);
  assertEquals(error.t, 6);
  assertEquals(error.place?.file, import.meta.url);
  assertEquals(typeof error.place?.line, "number");
});
