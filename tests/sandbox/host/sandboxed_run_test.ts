import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { record } from "../../../src/artifact/run.ts";
import { load } from "../../../src/artifact/load.ts";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { inputSourceOf } from "../../../src/engine/input_source.ts";
import { decodeState } from "../../../src/codec/decode_state.ts";
import {
  GuardError,
  NondeterministicReplayError,
  NondeterministicStepError,
  SandboxError,
  StateEncodingError,
  UnsafeArtifactError,
} from "../../../src/errors.ts";
import { createRng, RNG_NAMES } from "../../../src/rng/backends.ts";
import { hashText } from "../../../src/rng/derive_seed.ts";
import type { PythonRandom } from "../../../src/rng/python/python_random.ts";
import type { Rng } from "../../../src/rng/rng.ts";
import { openSandboxed } from "../../../src/sandbox/host/open_sandboxed.ts";
import { SandboxedRun } from "../../../src/sandbox/host/sandboxed_run.ts";
import { recordIn } from "../in_sandbox.ts";

const ROOT = new URL("../../../", import.meta.url);

const WALK = `
  export const init = 0;
  export const step = (x, rng, params) => x + (rng.random() < (params?.p ?? 0.5) ? 1 : -1);
  export const observe = { position: (x) => x, pair: (x) => [x, x * x] };`;

function walk(x: number, rng: Rng): number {
  return x + ((rng as PythonRandom).random() < 0.5 ? 1 : -1);
}

async function bytesOf(steps: number, source = WALK): Promise<Uint8Array> {
  return await record(walk, { init: 0, steps, seed: 42, source }).toBytes();
}

Deno.test("openSandboxed() runs artifacts with seeds, parameters and texts at the limits", async () => {
  let params: unknown = 1;
  // The header of the artifact takes one of the 200 levels that a value may have.
  for (let depth = 0; depth < 199; depth++) params = [params];
  const seed = 2n ** 65_536n - 1n;
  const step = (x: { text: string }, rng: PythonRandom) => ({
    text: x.text.slice(1) + (rng.random() < 0.5 ? "\ud800" : "\udc00"),
  });
  const source =
    "export const step = (x, rng) => ({ text: x.text.slice(1) + (rng.random() < 0.5 ? '\\ud800' : '\\udc00') });";
  const init = { text: "\ud800".repeat(5000) };
  const run = record(step, { init, steps: 20, seed, params, source });
  await using there = await openSandboxed(await run.toBytes());
  assertEquals(await there.get(13), run.get(13));
  assertEquals((await there.verify()).ok, true);
});

Deno.test("a sandboxed step is told global time, in a branch and from a file too; init has an rng", async () => {
  const source = `export const init = (params, rng) => [-1, rng.random()];
    export const step = ([, x], rng, params, t) => [t, x];`;
  const run = await recordIn(source, { steps: 40 });
  await using there = new SandboxedRun(run, { source });
  const drawn = createRng("python", hashText("init:42")).random();
  assertEquals([await there.get(0), await there.get(-1)], [[-1, drawn], [38, drawn]]);
  await using branch = await there.branch(10, { mutate: "() => [-5, 0]" });
  assertEquals([branch.origin, await branch.get(0), await branch.get(-1)], [10, [-5, 0], [38, 0]]);
  await using again = await openSandboxed(await branch.toBytes());
  assertEquals([again.origin, await again.get(15)], [10, [24, 0]]);
  assertEquals([await again.find("([t]) => t === 20"), (await again.verify()).ok], [11, true]);
});

Deno.test("a sandboxed branch with the same draws equals the rest of its parent, inputs and stride included", async () => {
  const source = `export const init = [];
    export const step = (x, rng, params, t, input) => [t, input, rng.GAUSS, ...x.slice(0, 1)];`;
  const calls = { python: "gauss(0, 1)", sfc32: "gauss(0, 1)", numpy: "integers(9)" };
  for (const rng of RNG_NAMES) {
    const text = source.replace("GAUSS", calls[rng]);
    const inputs = Array.from({ length: 79 }, (_, t) => ({ keys: t >> 3 }));
    const run = await recordIn(text, {
      steps: 80,
      rng,
      blockSize: 6,
      inputs: inputSourceOf(inputs),
      budget: { bytesMax: undefined, checkpointsMax: 5 },
    });
    assertEquals([run.stride, run.checkpoints.length, run.inputs?.length], [4, 4, 79]);
    await using there = new SandboxedRun(run, { source: text });
    assertEquals((await there.verify({ full: true })).checked, 4);
    const states = await Array.fromAsync(there.states());
    assertEquals((states[50] as unknown[]).slice(0, 2), [49, { keys: 49 >> 3 }]);
    for (const t of rng === "python" ? [5, 6] : [11]) {
      await using branch = await there.branch(t, { seed: "same" });
      assertEquals(await Array.fromAsync(branch.states()), states.slice(t));
      await using again = await openSandboxed(await branch.toBytes());
      assertEquals((await again.verify()).ok, true);
    }
    await using changed = await there.branch(70, { setInputs: { 75: "here" } });
    assertEquals(await changed.find("([, input]) => input === 'here'"), 6);
  }
});

Deno.test("inputs that come in one by one reach the sandbox; too few and too many are refused", async () => {
  const source = `export const init = 0;
    export const step = (x, rng, params, t, input) => x + input;`;
  async function* count(to: number): AsyncGenerator<number[], void, void> {
    for (let i = 0; i < to;) {
      if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      yield Array.from({ length: Math.min(i % 3, to - i) }, (_, k) => i + k);
      i += Math.min(i % 3, to - i);
      if (i % 3 === 0 && i < to) yield [i++];
    }
  }
  const run = await recordIn(source, { steps: 30, inputs: count(29) });
  await using there = new SandboxedRun(run, { source });
  assertEquals([await there.get(-1), (await there.verify()).ok, run.inputs?.length], [
    406,
    true,
    29,
  ]);
  const few = await assertRejects(() => recordIn(source, { steps: 30, inputs: count(28) }));
  assertStringIncludes((few as Error).message, "no input for the transition from state 28");
  const many = await assertRejects(() => recordIn(source, { steps: 30, inputs: count(99) }));
  assertStringIncludes((many as Error).message, "more inputs than the 29 transitions");
  // A source that never ends, of which a run that ends early takes no more than it needs.
  const early = await recordIn(source, { steps: 300, until: "(x) => x > 9", inputs: count(1e9) });
  assertEquals([early.steps, early.inputs?.length], [6, 5]);
});

Deno.test("extend() in the sandbox gives the run of one recording, with inputs, observables and a stride", async () => {
  const source = `export const init = [0];
    export const step = (x, rng, params, t, input) => [x[0] + rng.random(), t, input];
    export const observe = { x: (s) => s[0] };`;
  const inputs = Array.from({ length: 99 }, (_, t) => ({ keys: t >> 2 }));
  for (const budget of [undefined, { bytesMax: undefined, checkpointsMax: 4 }]) {
    const options = { seed: 8n, blockSize: 6, budget };
    const whole = await recordIn(source, { ...options, steps: 100, inputs: inputSourceOf(inputs) });
    const start = { ...options, steps: 40, inputs: inputSourceOf(inputs.slice(0, 39)) };
    await using run = new SandboxedRun(await recordIn(source, start), { source });
    await using same = await run.extend(40);
    assertEquals(await same.contentHash(), await run.contentHash());
    await using longer = await run.extend(100, { inputs: inputs.slice(39) });
    await using all = new SandboxedRun(whole, { source });
    assertEquals(longer.observed, all.observed);
    assertEquals(await longer.contentHash(), await all.contentHash());
    assertEquals(await longer.toBytes(), await all.toBytes());
    await assertRejects(() => run.extend(50), TypeError, "those of 10 transitions are missing");
    await using other = new SandboxedRun(run.record, {
      source: source.replace("rng.random()", "1"),
    });
    await assertRejects(
      () => other.extend(100, { inputs: inputs.slice(39) }),
      NondeterministicStepError,
      "Cannot go on from state 39",
    );
  }
});

Deno.test("verify() runs init again and compares what it makes with X_0", async () => {
  const source = "export const init = (params, rng) => rng.random(); export const step = (x) => x;";
  const run = await recordIn(source, { steps: 5 });
  await using good = new SandboxedRun(run, { source });
  assertEquals((await good.verify()).ok, true);
  await using other = new SandboxedRun(run, { source: source.replace("rng.random()", "5") });
  const error = await assertRejects(() => other.verify(), NondeterministicReplayError);
  assertStringIncludes(error.message, "state 0 is not what init makes: state is 0.");
  await using given = new SandboxedRun(
    await recordIn(source, { steps: 5, start: encodeState(3) }),
    { source },
  );
  assertEquals((await given.verify()).ok, true);
});

Deno.test("a step module whose fourth parameter has a default is refused, with the reason", async () => {
  const source =
    "export const init = 0; export function step(x, rng, params, dt = 0.1) { return x; }";
  await assertRejects(
    () => recordIn(source, { steps: 4 }),
    SandboxError,
    "'dt', has the default 0.1",
  );
});

Deno.test("verify() makes no more instances of a module than its tables leave memory for", async () => {
  const source = `const table = new Float64Array(5_000_000).fill(0.5);
    export const init = 0;
    export const step = (x) => x + table[x];`;
  const run = await recordIn(source, { steps: 32, blockSize: 4 });
  await using there = new SandboxedRun(run, { source, memoryBytesMax: 280_000_000 });
  assertEquals((await there.verify()).ok, true);
});

Deno.test("a step may make and drop a large array each time", async () => {
  const source = `export const init = 0;
    export const step = (x, rng) => {
      const grid = new Float64Array(6 * 2 ** 20).fill(rng.random());
      return x + grid[5];
    };`;
  const run = record((x: number, rng: PythonRandom) => x + rng.random(), {
    init: 0,
    steps: 24,
    blockSize: 12,
    seed: 1,
    source,
  });
  // V8 must collect the arrays all by itself before there are seven.
  await using there = await openSandboxed(await run.toBytes(), { memoryBytesMax: 350_000_000 });
  assertEquals((await there.verify()).ok, true);
});

Deno.test({
  name: "a large job does not run beside the child that waits for the next small one",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    // In a process of its own, whose children are no other test's.
    const script = `
      import { recordIn } from "./tests/sandbox/in_sandbox.ts";
      import { SandboxedRun } from "./src/sandbox/host/sandboxed_run.ts";
      const source = ${JSON.stringify(WALK)};
      await using run = new SandboxedRun(await recordIn(source), { source });
      await run.get(6);
      const states = run.states();
      await states.next();
      const tasks = [...Deno.readDirSync("/proc/self/task")].map(({ name }) => name);
      const children = tasks.flatMap((task) =>
        Deno.readTextFileSync("/proc/self/task/" + task + "/children").split(" ").filter(Boolean)
      );
      await states.return();
      console.log(children.length);`;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--import-map=npm.import_map.json", "--lock=npm.deno.lock", script],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(decoder.decode(stdout).trim(), "1", decoder.decode(stderr));
  },
});

Deno.test("openSandboxed() answers every verb as the run in this process does", async () => {
  const bytes = await bytesOf(5000);
  const here = await load(bytes, { step: walk });
  await using there = await openSandboxed(bytes);
  for (const t of [0, 1, 70, 71, 72, 4998, -1]) assertEquals(await there.get(t), here.get(t));
  const range = [];
  for await (const state of there.states(60, 160)) range.push(state);
  assertEquals(range, [...here.states(60, 160)]);
  for (const every of [7, 71, 72, 300]) {
    const some = [];
    for await (const state of there.states(60, -9, { every })) some.push(state);
    assertEquals(some, [...here.states(60, -9)].filter((_, i) => i % every === 0));
  }
  // More than one job may send: asked for in parts.
  await using tight = await openSandboxed(bytes, { outputBytesMax: 6000 });
  const all = [];
  for await (const state of tight.states()) all.push(state);
  assertEquals(all, [...here.states()]);
  await assertRejects(() => there.states(0, 9, { every: 0 }).next(), RangeError, "'every'");
  assertEquals(await there.stats(), here.stats());
  assertEquals(await there.stats({ expression: "x => [x, 1]" }), here.stats((x) => [x, 1]));
  assertEquals(await there.stats({ name: "pair" }), here.stats((x) => [x, x * x]));
  assertEquals(await there.stats((x) => x as number), here.stats());
  const low = here.find((x) => x < -20);
  assert(low !== undefined);
  assertEquals(await there.find("x => x < -20"), low);
  assertEquals(await there.find((x) => (x as number) < -20), low);
  assertEquals(await there.find("(x, t) => t === 4321", { from: 4000 }), 4321);
  assertEquals(await there.find("x => false"), undefined);
  for (const text of ["async (x) => x > 3", "function* (x) { yield x; }", "7"]) {
    await assertRejects(() => there.find(text), SandboxError, "it is not a");
  }
  assertEquals(await there.bisect(`(x, t) => t >= 1234`), 1234);
  assertEquals(await there.bisect((_, t) => t >= 5001), undefined);
  assertEquals(await there.trace(17), here.trace(17));
  assertEquals(await there.trace(0), []);
  assertEquals((await there.verify({ full: true })).ok, true);
  assertEquals(await there.contentHash(), await here.contentHash());
  assertEquals(there.metadata(), here.metadata());
  assertEquals((await there.describe()).observe, ["position", "pair"]);
});

Deno.test("SandboxedRun.branch() makes the branch that the run in this process makes", async () => {
  const bytes = await bytesOf(1000);
  const here = (await load(bytes, { step: walk })).branch(500, { mutate: (x) => x + 100 });
  await using run = await openSandboxed(bytes);
  await using there = await run.branch(500, { mutate: "x => x + 100" });
  assertEquals(await there.contentHash(), await here.contentHash());
  assertEquals(there.branchPoint, 500);
  await using short = await run.branch(-1, { params: { p: 1 }, steps: 4, seed: 1 });
  const last = await run.get(-1) as number;
  assertEquals(await short.get(3), last + 3);
});

Deno.test("recording in the sandbox gives the bytes that recording here gives", async () => {
  for (const rng of ["python", "numpy", "sfc32"] as const) {
    const there = await recordIn(WALK, { steps: 3000, rng, stepId: "walk" });
    const here = record(walk, {
      init: 0,
      steps: 3000,
      seed: 42,
      rng,
      source: WALK,
      observe: { position: (x) => x, pair: (x) => [x, x * x] },
    });
    await using run = new SandboxedRun(there, { source: WALK });
    assertEquals(await run.contentHash(), await here.contentHash());
    assertEquals(there.observed, here.observed);
    assertEquals(there.math, "portable");
  }
});

Deno.test("recording in the sandbox takes the statistics that were asked for", async () => {
  const chosen = { position: undefined, double: "x => 2 * x" };
  const run = await recordIn(WALK, { steps: 500, observe: chosen });
  const both = await recordIn(WALK, { steps: 500 });
  assertEquals(Object.keys(run.observed), ["position", "double"]);
  assertEquals(run.observed.position, both.observed.position);
  assertEquals(run.observed.double!.mean, 2 * (both.observed.position!.mean as number));
  assertEquals((await recordIn(WALK, { steps: 500, observe: {} })).observed, {});
  await using opened = new SandboxedRun(run, { source: WALK });
  await using branch = await opened.branch(100);
  assertEquals(Object.keys(branch.observed), ["position"]);
  await using bare = await opened.branch(100, { observe: false });
  assertEquals(bare.observed, {});
  const refusals: [Record<string, string | undefined>, string][] = [
    [{ speed: undefined }, "exports no observable `speed`"],
    [{ speed: "x =>" }, "Cannot use the expression: SyntaxError"],
    [{ speed: "x => import('y')" }, "the word `import`"],
    [{ "a b": "x => x" }, 'Cannot observe "a b"'],
    [{ speed: "x => x.a.b" }, "TypeError"],
  ];
  for (const [observe, message] of refusals) {
    await assertRejects(() => recordIn(WALK, { steps: 500, observe }), Error, message);
  }
});

Deno.test("states beyond plain data cross the border and verify", async () => {
  const source = `
    class Agent { constructor(x) { this.x = x; } }
    export const params = { size: 3 };
    export const init = ({ size }) => ({ agents: Array.from({ length: size }, () => new Agent(0)), t: 0 });
    export function step(s, rng) { for (const a of s.agents) a.x += rng.random(); s.t++; return s; }
    export const codec = {
      encode: (s) => ({ xs: Float64Array.from(s.agents, (a) => a.x), m: new Map([["t", s.t]]), s: new Set([1n]), d: new Date(s.t) }),
      decode: (d) => ({ agents: Array.from(d.xs, (x) => new Agent(x)), t: d.m.get("t") }),
    };`;
  const run = await recordIn(source, { steps: 50 });
  await using opened = new SandboxedRun(run, { source });
  assertEquals((await opened.verify({ full: true })).checked, 7);
  const { xs, m, s, d } = await opened.get(11) as Record<string, unknown>;
  assertEquals((xs as Float64Array).length, 3);
  assertEquals([m, s, d], [new Map([["t", 11]]), new Set([1n]), new Date(11)]);
});

Deno.test("SandboxedRun.verify() lists every bad block of a changed source", async () => {
  const bytes = await bytesOf(1000, WALK.replace("0.5", "0.49"));
  await using run = await openSandboxed(bytes);
  const error = await assertRejects(() => run.verify({ full: true }), NondeterministicReplayError);
  const { badBlocks, blocks } = (error as NondeterministicReplayError<{
    badBlocks: { block: number; difference?: { path: string } }[];
    blocks: number;
  }>).report;
  // Of 32 blocks of 32 draws, those differ in which some draw is between 0.49 and 0.5.
  assert(badBlocks.length > 2 && badBlocks.length < blocks);
  assertEquals(
    badBlocks.map(({ block }) => block),
    badBlocks.map(({ block }) => block).sort((a, b) => a - b),
  );
  assertEquals(badBlocks[0]!.difference!.path, "state");
});

Deno.test("SandboxedRun.verify() shares a long run between children and stays right", async () => {
  // About 0.4 ms a block, so that the second child comes; every tenth state is late by a trick.
  const source = (trick: string) => `
    export const init = { n: 0, x: 0 };
    export function step(s, rng) {
      let x = s.x; for (let i = 0; i < 4000; i++) x = (x * 1.0001 + rng.random()) % 97;
      return { n: s.n + 1, x: x ${trick} };
    }`;
  const recorded = await recordIn(source(""), { steps: 12_000 });
  const { verifySandboxed } = await import("../../../src/sandbox/host/verify_sandboxed.ts");
  const changed = source("+ (s.n === 11_000 ? 1e-9 : 0)");
  const options = { source: changed, full: true, childrenMax: 2 };
  const { ok, checked, blocks, badBlocks } = await verifySandboxed(recorded, options);
  assertEquals([ok, checked, blocks], [false, 110, 110]);
  assertEquals(badBlocks.map(({ block }) => block), [100]);
});

Deno.test("verification finds state that a module hides, whatever its period", async () => {
  for (const period of [2, 3, 7]) {
    const source = `
      let calls = 0;
      export const init = { n: 0, x: 0 };
      export function step(s) { calls++; return { n: s.n + 1, x: s.x + (calls % ${period} === 0 ? 1 : 0) }; }`;
    const honest = `
      export const init = { n: 0, x: 0 };
      export const step = (s) => ({ n: s.n + 1, x: s.x + ((s.n + 1) % ${period} === 0 ? 1 : 0) });`;
    const recorded = await recordIn(honest, { steps: 200, blockSize: 5 });
    await using run = new SandboxedRun(recorded, { source });
    await assertRejects(() => run.verify(), NondeterministicReplayError);
  }
});

Deno.test("openSandboxed() refuses what carries no source or one that loads modules", async () => {
  const none = await record(walk, { init: 0, steps: 10, seed: 1 }).toBytes();
  await assertRejects(() => openSandboxed(none), UnsafeArtifactError, "carries no step source");
  const bad = await bytesOf(10, `import "node:fs"; ${WALK}`);
  await assertRejects(() => openSandboxed(bad), UnsafeArtifactError, "word `import`");
  await using replaced = await openSandboxed(bad, { source: WALK });
  assertEquals((await replaced.verify()).ok, true);
});

Deno.test("text for the sandbox is checked and its errors are told", async () => {
  await using run = await openSandboxed(await bytesOf(50));
  await assertRejects(() => run.find("import('x')"), UnsafeArtifactError, "expression");
  await assertRejects(
    () => run.find("x => {"),
    SandboxError,
    "Cannot use the expression: SyntaxError",
  );
  await assertRejects(() => run.find("7"), SandboxError, "not a function such as");
  await assertRejects(() => run.find("x => x.y.z"), SandboxError, "TypeError");
  await assertRejects(
    () => run.find("x => Date.now()"),
    SandboxError,
    "expression called Date.now()",
  );
  await assertRejects(() => run.stats({ name: "nothing" }), SandboxError, "no observable");
  const mutate = "x => () => 1";
  await assertRejects(() => run.branch(3, { mutate }), GuardError, "and is a function");
  await assertRejects(
    () => run.branch(3, { mutate, guards: false }),
    StateEncodingError,
    "function",
  );
  assertEquals(await run.find("x => true // a comment"), 0);
});

Deno.test("a step that throws late leaves the run until there, in the sandbox too", async () => {
  const source = `export const init = 0;
    export const step = (s) => { if (s === 70) throw new RangeError("seventy"); return s + 1; };`;
  const run = await recordIn(source, { steps: 1000 });
  assertEquals([run.steps, run.failure], [71, { t: 71, error: "RangeError: seventy" }]);
  assertEquals(decodeState(run.lastState!), 70);
  const until = await recordIn(WALK, { steps: 1000, until: "(x, t) => t === 123" });
  assertEquals([until.steps, until.failure], [124, undefined]);
});

Deno.test("the documentation of limits holds: wrong ones are refused before anything starts", async () => {
  const bytes = await bytesOf(50);
  for (const limits of [{ timeoutMs: 0 }, { memoryBytesMax: 1e6 }, { outputBytesMax: NaN }]) {
    const run = await openSandboxed(bytes, limits);
    const error = await assertRejects(() => run.get(5), RangeError);
    assertStringIncludes((error as Error).message, Object.keys(limits)[0]!);
  }
});
