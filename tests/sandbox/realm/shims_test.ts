import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { load } from "../../../src/artifact/load.ts";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { SHIM_ORIGIN_MS } from "../../../src/engine/shims.ts";
import type { RunRecord, Shims } from "../../../src/engine/types.ts";
import { createRng } from "../../../src/rng/backends.ts";
import { hashText } from "../../../src/rng/derive_seed.ts";
import { openSandboxed } from "../../../src/sandbox/host/open_sandboxed.ts";
import type { SandboxedRun } from "../../../src/sandbox/host/sandboxed_run.ts";
import { artifactOf } from "../../cli/fixtures.ts";
import { messageFor, recordIn } from "../in_sandbox.ts";

const CLOCK: Shims = { clock: { originMs: SHIM_ORIGIN_MS, stepMs: 2.5 } };
const BOTH: Shims = { ...CLOCK, random: true };

async function open(record: RunRecord): Promise<SandboxedRun> {
  return await openSandboxed(await artifactOf(record));
}

/** The draws that a text seeds. */
function drawsOf(text: string): () => number {
  const rng = createRng("sfc32", hashText(text));
  return () => rng.random();
}

Deno.test("the clock tells the time of the state that the step was given, in global time", async () => {
  const source = `const loaded = [Date.now(), performance.now(), new Date().toISOString()];
    export const init = () => ({ loaded, seen: [Date.now()] });
    export const step = (s, rng, params, t) => ({ loaded, seen: [t, Date.now(), performance.now(), +new Date(), Date(), performance.timeOrigin] });
    export const observe = { now: (s) => performance.now() };`;
  const run = await recordIn(source, { steps: 20, shims: CLOCK });
  assertEquals(run.shims, CLOCK);
  await using opened = await open(run);
  const loaded = [SHIM_ORIGIN_MS, 0, "2000-01-01T00:00:00.000Z"];
  assertEquals(await opened.get(0), { loaded, seen: [SHIM_ORIGIN_MS] });
  const at = (t: number) => SHIM_ORIGIN_MS + Math.floor(2.5 * t);
  const seen = (t: number) => [
    ...[t, at(t), 2.5 * t, at(t)],
    "Sat Jan 01 2000 00:00:00 GMT+0000 (Coordinated Universal Time)",
    SHIM_ORIGIN_MS,
  ];
  for (const t of [1, 7, 19]) assertEquals(await opened.get(t), { loaded, seen: seen(t - 1) });
  // An observable is told the time of the state that it looks at.
  assertEquals((run.observed.now as { mean: number }).mean, 2.5 * 19 / 2);
  assertEquals((await opened.verify()).ok, true);
  const branch = await opened.branch(10);
  assertEquals(branch.record.shims, CLOCK);
  assertEquals(await branch.get(1), { loaded, seen: seen(10) });
});

const DRAWING = `const loaded = [Math.random(), Math.random()];
  export const init = () => ({ loaded, made: Math.random(), drawn: [] });
  export const step = (s, rng) => ({ ...s, drawn: rng.random() < 0.5 ? [Math.random()] : [Math.random(), Math.random(), rng.random()] });`;

Deno.test("draws come from the seed: the same for every module that loads, anew for every block", async () => {
  const run = await recordIn(DRAWING, {
    steps: 30,
    seed: 5n,
    blockSize: 7,
    shims: { random: true },
  });
  await using opened = await open(run);
  const atLoad = drawsOf("shim:load:5");
  const loaded = [atLoad(), atLoad()];
  assertEquals(await opened.get(0), { loaded, made: drawsOf("shim:init:5")(), drawn: [] });
  for (const block of [0, 1, 3]) {
    const draw = drawsOf(`shim:5:${block}`);
    const state = await opened.get(7 * block + 1) as { loaded: number[]; drawn: number[] };
    assertEquals([state.loaded, state.drawn[0]], [loaded, draw()]);
  }
  assertEquals((await opened.verify()).ok, true);
  // Any order, any verb.
  const all = await Array.fromAsync(opened.states());
  for (const t of [29, 3, 17, 8]) assertEquals(await opened.get(t), all[t]);
  assertEquals(
    await opened.find("(s) => s.drawn.length === 3"),
    all.findIndex((s) => (s as { drawn: unknown[] }).drawn.length === 3),
  );
});

Deno.test("a branch with the same draws goes on with the shim's draws within a block too", async () => {
  for (const rng of ["python", "numpy", "sfc32"] as const) {
    const run = await recordIn(DRAWING, { steps: 30, seed: 5n, blockSize: 7, rng, shims: BOTH });
    await using opened = await open(run);
    for (const point of rng === "python" ? [10, 14] : [20]) {
      await using branch = await opened.branch(point, { seed: "same" });
      const expected = await Array.fromAsync(opened.states(point));
      assertEquals(await Array.fromAsync(branch.states()), expected, `${rng} ${point}`);
      // As it is read back.
      await using again = await open(branch.record);
      assertEquals(await again.get(-1), expected.at(-1));
      assertEquals((await again.verify()).ok, true);
    }
  }
});

Deno.test("crypto draws from the same numbers", async () => {
  const source = `export const init = [];
    export const step = () => [[...crypto.getRandomValues(new Uint8Array(5))], crypto.randomUUID(), crypto.getRandomValues(new BigInt64Array(2)).length,
      Object.isFrozen(crypto), ["Float64Array", "big"].map((kind) => { try { crypto.getRandomValues(kind === "big" ? new Uint8Array(65537) : new Float64Array(1)); } catch (e) { return e.name; } })];`;
  const run = await recordIn(source, { steps: 3, shims: { random: true } });
  await using opened = await open(run);
  const [bytes, uuid, ...rest] = await opened.get(1) as [number[], string, ...unknown[]];
  assertEquals(bytes.length, 5);
  assertMatch(uuid, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assertEquals(rest, [2, true, ["TypeError", "RangeError"]]);
  assertEquals((await opened.verify()).ok, true);
});

Deno.test("what looks at states cannot draw, as the step would draw other numbers without it", async () => {
  await assertRejects(
    () =>
      recordIn(`${DRAWING} export const observe = { x: () => Math.random() };`, {
        shims: { random: true },
      }),
    Error,
    "called Math.random()",
  );
});

Deno.test("shims are off by default, and each gives only what it names", async () => {
  const step = (code: string) =>
    `export const init = 0; export const step = (x) => { ${code}; return x; };`;
  for (
    const code of [
      "Date.now()",
      "new Date()",
      "Math.random()",
      "performance.now()",
      "crypto.randomUUID()",
    ]
  ) {
    assertMatch(
      await messageFor(step(code)),
      /at t=1: .*; for a library that does so record with --shim (clock|random)$/,
    );
    assertMatch(await messageFor(step(code), { shims: { load: true } }), /at t=1/);
  }
  assertMatch(await messageFor(step("Math.random()"), { shims: CLOCK }), /called Math\.random\(\)/);
  assertMatch(
    await messageFor(step("Date.now()"), { shims: { random: true } }),
    /called Date\.now\(\)/,
  );
});

Deno.test("while it loads only: a module is given a fixed time and draws, and the run says so if it asked", async () => {
  const asking = `const at = [Date.now(), new Date().getUTCFullYear(), Math.random()];
    export const init = 0; export const step = () => at;`;
  const run = await recordIn(asking, { shims: { load: true }, seed: 3n, steps: 5 });
  assertEquals(run.shims, { load: true });
  assertEquals(decodeState(run.lastState!), [SHIM_ORIGIN_MS, 2000, drawsOf("shim:load:3")()]);
  await using opened = await open(run);
  assertEquals((await opened.verify()).ok, true);
  const silent = await recordIn("export const init = 0; export const step = (x) => x;", {
    shims: { load: true },
  });
  assertEquals(silent.shims, undefined);
  assertMatch(await messageFor(asking), /called Date\.now\(\) while loading/);
});

Deno.test("load() refuses a run whose clock and draws only the sandbox gives", async () => {
  const run = await recordIn(DRAWING, { steps: 5, shims: { random: true } });
  const bytes = await artifactOf(run);
  const lighter = await artifactOf(run, { shims: { load: true } });
  await assertRejects(
    () => load(bytes, { step: (x: unknown) => x }),
    TypeError,
    "use openSandboxed",
  );
  assert(
    (await load(lighter, { step: (x: unknown) => x }))
      .steps === 5,
  );
});
