import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { record } from "../../src/artifact/run.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { equalBytes } from "../../src/codec/compare_states.ts";
import { MISSING, parsePath, readPath } from "../../src/codec/path_reader.ts";
import type { Change } from "../../src/engine/when.ts";
import type { Rng } from "../../src/rng/rng.ts";

/** A part of the state, and how often a step changes it. */
const KINDS = [".n", ".list", ".list[1]", ".list.length", ".map", '.map.get("a")', ".map.size"];
const MORE = [".set", ".set.values()[0]", ".bytes[2]", ".bytes", ".deep.a.b", ".maybe", ".word[0]"];
const PATHS = [...KINDS, ...MORE, '["odd key"]', "."];

function initial() {
  return {
    n: 0,
    list: [1, 2, 3],
    map: new Map<string, number>([["a", 1]]),
    set: new Set([1]),
    bytes: new Uint8Array(4),
    deep: { a: { b: NaN } },
    word: "abc",
    "odd key": -0,
  } as Record<string, unknown> & ReturnType<typeof Object>;
}

/** A step that changes one part now and then, in place. */
function stepOf(rarity: number) {
  // deno-lint-ignore no-explicit-any -- the state has parts of every kind
  return (s: any, rng: Rng): any => {
    if (rng.random() * rarity > 1) return s;
    const u = rng.random();
    switch (Math.floor(rng.random() * 10)) {
      case 0:
        s.n = u < 0.3 ? s.n : s.n + 1;
        break;
      case 1:
        s.list[1] = u < 0.5 ? s.list[1] : u;
        break;
      case 2:
        if (u < 0.5) s.list.push(u);
        else if (s.list.length > 1) s.list.pop();
        break;
      case 3:
        s.map.set("a", u < 0.5 ? 7 : 8);
        break;
      case 4:
        if (u < 0.5) s.map.delete("a");
        else s.map.set("b", 1);
        break;
      case 5:
        if (u < 0.5) s.set.add(Math.floor(u * 10));
        else s.set.delete(1);
        break;
      case 6:
        s.bytes[Math.floor(u * 4)]++;
        break;
      case 7:
        s.deep = { a: { b: u < 0.4 ? NaN : Math.floor(u * 4) } };
        break;
      case 8:
        if (u < 0.5) s.maybe = Math.floor(u * 4);
        else delete s.maybe;
        break;
      default:
        s.word = u < 0.5 ? "abc" : "xbc";
        s["odd key"] = u < 0.5 ? 0 : -0;
    }
    return s;
  };
}

/** What comparing every two states gives. */
function bruteForce(states: readonly Uint8Array[], decode: (t: number) => unknown, path: string) {
  const parts = parsePath(path);
  const found: { t: number; kind: string }[] = [];
  for (let t = 1; t < states.length; t++) {
    const [a, b] = [readPath(decode(t - 1), parts), readPath(decode(t), parts)];
    const isMissing = [a === MISSING, b === MISSING];
    if (isMissing[0] && isMissing[1]) continue;
    if (isMissing[0] !== isMissing[1]) {
      found.push({ t, kind: isMissing[0] ? "appeared" : "disappeared" });
    } else if (!equalBytes(encodeState(a), encodeState(b))) found.push({ t, kind: "changed" });
  }
  return found;
}

Deno.test("changes() and when() agree with brute force on 200 random models and paths", async () => {
  const arbitrary = fc.record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    steps: fc.integer({ min: 1, max: 60 }),
    blockSize: fc.integer({ min: 1, max: 12 }),
    rarity: fc.constantFrom(1, 4, 20),
    path: fc.constantFrom(...PATHS),
    from: fc.integer({ min: 0, max: 60 }),
    to: fc.integer({ min: 0, max: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ seed, steps, blockSize, rarity, path, ...range }) => {
      const run = record(stepOf(rarity), { init: initial(), steps, seed, blockSize });
      const [from, to] = [range.from, range.to].map((t) => Math.min(t, steps)).sort((a, b) =>
        a - b
      );
      const states = Array.from({ length: steps }, (_, t) => encodeState(run.get(t)));
      const all = bruteForce(states, (t) => run.get(t), path);
      const expected = all.filter(({ t }) => t >= from! && t < to!);
      let found: Change[];
      try {
        found = await run.changes(path, { from: from!, to: to! });
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        found = [];
      }
      assertEquals(found.map(({ t, kind }) => ({ t, kind })), expected);
      for (const { t, before, after } of found) {
        const [a, b] = [t - 1, t].map((t) => readPath(run.get(t), parsePath(path)));
        assertEquals([before, after], [a, b].map((value) => value === MISSING ? undefined : value));
      }
      if (found.length === 0) return;
      const options = { from: from!, to: to! };
      assertEquals(await run.when(path, options), found.at(-1));
      assertEquals(await run.when(path, { ...options, first: true }), found[0]);
      const odd = (_after: unknown, _before: unknown, t: number) => t % 2 === 1;
      assertEquals(
        await run.when(path, { ...options, where: odd }),
        found.findLast(({ t }) => t % 2),
      );
    }),
    { numRuns: 200 },
  );
});

Deno.test("when() refuses a path that no state has, and a text that is no path", async () => {
  const run = record((s: { x: number }) => ({ x: s.x }), { init: { x: 1 }, steps: 10, seed: 1 });
  assertEquals(await run.when(".x"), undefined);
  await assertRejects(() => run.when(".y"), RangeError, "no state of the range has it");
  const list = record((s: { of: number[] }) => ({ of: [...s.of, 1] }), {
    ...{ init: { of: [] }, steps: 5, seed: 1 },
  });
  assertEquals((await list.when(".of.length"))?.t, 4);
  for (const path of [".of.map", ".of.constructor", ".__proto__"]) {
    await assertRejects(() => list.when(path), RangeError, "no state of the range has it");
  }
  for (const path of ["", ".x..y", "[", '["a]', ".get(a)", "x y"]) {
    if (path === "") continue;
    await assertRejects(() => run.when(path), SyntaxError, "Cannot read");
  }
});

Deno.test("when() tells changes of private fields, by what the codec encodes", async () => {
  class Queue {
    name = "q";
    #items: number[];
    constructor(items: number[]) {
      this.#items = items;
    }
    push(x: number) {
      this.#items = [...this.#items.slice(-1), x];
    }
    get items() {
      return this.#items;
    }
  }
  interface State {
    n: number;
    q: Queue;
  }
  const codec = {
    encode: ({ n, q }: State) => ({ n, q: { items: q.items } }),
    decode: (data: unknown) => {
      const { n, q } = data as { n: number; q: { items: number[] } };
      return { n, q: new Queue([...q.items]) };
    },
  };
  const step = (s: State) => {
    if (++s.n % 10 === 0) s.q.push(s.n);
    return s;
  };
  const run = record(step, { init: () => ({ n: 0, q: new Queue([]) }), steps: 30, seed: 1, codec });
  const before = { items: [10] };
  const after = { items: [10, 20] };
  assertEquals(await run.when(".q"), { t: 20, kind: "changed", before, after });
  assertEquals((await run.when(".q.items"))?.after, [10, 20]);
  assertEquals((await run.when(".q.items", { first: true }))?.t, 10);
  assertEquals((await run.when("."))?.after, { n: 29, q: after });
  assertEquals(await run.when(".q.name"), undefined);
});
