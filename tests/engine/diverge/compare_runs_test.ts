import { assertEquals } from "@std/assert";
import { record, type Run } from "../../../src/artifact/run.ts";
import { describeDifference, equalBytes } from "../../../src/codec/compare_states.ts";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { encodeState } from "../../../src/codec/encode_state.ts";
import type { Rng } from "../../../src/rng/rng.ts";
import { createRng } from "../../../src/rng/backends.ts";
import { deriveSeed } from "../../../src/rng/derive_seed.ts";
import { type Change, type Model, MODELS, stepOf } from "./mutants.ts";

const STEPS = 900;
const BLOCK = 30;
const SEED = 11;

/** A call of a draw: what came out, and where it left the generator. */
interface Call {
  readonly result: unknown;
  readonly left: string;
}

/** What a step did at one t. */
interface Made {
  readonly state: Uint8Array;
  readonly calls: readonly Call[];
  readonly left: string;
}

/** A plain loop that writes everything down. */
function* made(model: Model, change?: Change): Generator<Made> {
  const step = stepOf(model, change);
  let state: unknown = model.init;
  let rng: Rng = createRng(model.rng, 0);
  for (let t = 0; t + 1 < STEPS; t++) {
    if (t % BLOCK === 0) {
      state = decodeState(encodeState(state));
      rng = createRng(model.rng, deriveSeed(BigInt(SEED), t / BLOCK));
    }
    const calls: Call[] = [];
    let depth = 0;
    const watched = new Proxy(rng, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          depth++;
          const result = Reflect.apply(value, target, args);
          depth--;
          if (depth === 0) calls.push({ result: structuredClone(result), left: target.position() });
          return result;
        };
      },
    });
    state = step(state, watched as never);
    yield { state: encodeState(state), calls, left: rng.position() };
  }
}

/** What a plain comparison of two plain loops finds. */
function expected(model: Model, change: Change): unknown {
  const old = made(model);
  const own = made(model, change);
  let first: { readonly t: number; readonly draw: number | undefined } | undefined;
  for (let t = 1; t < STEPS; t++) {
    const a = old.next().value as Made;
    const b = own.next().value as Made;
    const difference = equalBytes(a.state, b.state)
      ? undefined
      : describeDifference(decodeState(a.state), decodeState(b.state));
    if (first === undefined && (a.left !== b.left || difference !== undefined)) {
      first = { t, draw: otherCall(a.calls, b.calls) };
    }
    if (first === undefined || difference === undefined) continue;
    const { path, expected: before, actual: after } = difference;
    return { ...kindOf(first), stateT: t, path, before, after };
  }
  const none = { stateT: undefined, path: undefined, before: undefined, after: undefined };
  return { ...kindOf(first), ...none };
}

function kindOf(first: { readonly t: number; readonly draw: number | undefined } | undefined) {
  if (first === undefined) return { kind: "equal", t: undefined, draw: undefined };
  return { kind: first.draw === undefined ? "value or last-bits" : "draws", ...first };
}

function otherCall(a: readonly Call[], b: readonly Call[]): number | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const isSame = a[i]?.left === b[i]?.left &&
      equalBytes(encodeState(a[i]?.result), encodeState(b[i]?.result));
    if (!isSame) return i;
  }
  return undefined;
}

function recorded(model: Model): Run<unknown> {
  return record(stepOf(model) as never, {
    init: model.init,
    steps: STEPS,
    seed: SEED,
    blockSize: BLOCK,
    rng: model.rng,
  }) as Run<unknown>;
}

Deno.test("diverge() finds in 100 changed models what a plain comparison finds", async () => {
  let count = 0;
  for (const model of MODELS) {
    const run = recorded(model);
    for (const change of model.mutants) {
      const { kind, t, draw, stateT, path, before, after } = await run.diverge(
        stepOf(model, change) as never,
      );
      const isValue = kind === "value" || kind === "last-bits";
      assertEquals(
        {
          kind: isValue ? "value or last-bits" : kind,
          ...{ t, draw: draw?.index, stateT, path, before, after },
        },
        expected(model, change) as unknown,
        `${model.name}: ${change.join(" -> ")}`,
      );
      const isLast = /2 \*\* -(52|50)|1e-15|\(s\.v\[1\] \+ s\.v\[2\]\)/.test(change[1]);
      if (isValue) assertEquals(kind, isLast ? "last-bits" : "value", `${model.name}: ${change}`);
      count++;
    }
  }
  assertEquals(count, 100);
});

Deno.test("diverge() calls 20 models equal whose changes do not matter", async () => {
  let count = 0;
  for (const model of MODELS) {
    const run = recorded(model);
    for (const change of model.same) {
      const { kind } = await run.diverge(stepOf(model, change) as never);
      assertEquals(kind, "equal", `${model.name}: ${change.join(" -> ")}`);
      count++;
    }
  }
  assertEquals(count, 20);
});

Deno.test("diverge() leaves out what is to be ignored, at block ends and within, and goes on from its own states", async () => {
  const step = (s: { x: number; seen: number }, rng: Rng) => ({
    x: s.x + rng.random(),
    seen: s.seen + 1,
  });
  const options = { init: { x: 0, seen: 0 }, steps: 200, seed: 1, blockSize: 20 };
  const run = record(step, options);
  const other = (s: { x: number; seen: number }, rng: Rng) => ({
    x: s.x + rng.random() + (s.seen === 300 ? 1 : 0),
    seen: s.seen + 2,
  });
  const found = await run.diverge(other, { ignore: [".seen"] });
  // The other step's own count is 300 before it makes state 151.
  assertEquals([found.kind, found.t, found.path], ["value", 151, "state.x"]);
  assertEquals((await run.diverge(other, { ignore: ["state.seen"], everyState: false })).t, 151);
  assertEquals((await run.diverge(other)).path, "state.seen");
});

Deno.test("a long run of large states is compared at the ends of blocks and between, and says so", async () => {
  const init = { cells: new Float64Array(2000), x: 0 };
  const step = (s: typeof init, rng: Rng) => {
    s.cells[Math.floor(rng.random() * 2000)]! += 1;
    return s;
  };
  const run = record(step, { init, steps: 3000, seed: 5 });
  const late = (s: typeof init, rng: Rng, _: unknown, t: number) => {
    step(s, rng);
    if (t === 2500) s.cells[7]! += 0.5;
    return s;
  };
  const found = await run.diverge(late);
  assertEquals([found.t, found.path, found.isEveryStateCompared], [2501, "state.cells[7]", false]);
  const passing = (s: typeof init, rng: Rng, _: unknown, t: number) => {
    step(s, rng);
    s.x = t === 2500 ? 1 : 0;
    return s;
  };
  assertEquals((await run.diverge(passing)).kind, "equal");
  const seen = await run.diverge(passing, { everyState: true });
  assertEquals([seen.kind, seen.t, seen.path], ["value", 2501, "state.x"]);
});

Deno.test("diverge() sees what is gone again at the end of a block: another field, order of fields, draws, a sign", async () => {
  type State = { x: number; n: number; last?: number };
  const step = (s: State, rng: Rng): State => ({ x: s.x + rng.random(), n: 0 });
  const run = record(step, { init: { x: 0, n: 0 }, steps: 300, seed: 2, blockSize: 40 });
  type Late = (s: State, rng: Rng) => State;
  const at = (when: number, late: Late) => (s: State, rng: Rng, _: unknown, t: number) =>
    t === when ? late(s, rng) : step(s, rng);
  const found = async (late: Late, when = 130): Promise<unknown[]> => {
    const { kind, t, path, stateT } = await run.diverge(at(when, late) as typeof step);
    return [kind, t, path, stateT];
  };
  const extra: Late = (s, rng) => ({ ...step(s, rng), last: 1 });
  assertEquals(await found(extra), ["value", 131, "state.last", 131]);
  const order: Late = (s, rng) => ({ n: 0, x: s.x + rng.random() });
  assertEquals(await found(order), ["value", 131, "state", 131]);
  const sign: Late = (s, rng) => ({ ...step(s, rng), n: -0 });
  assertEquals(await found(sign), ["value", 131, "state.n", 131]);
  // X_160 starts a block, so nothing is left of the draw that comes before.
  const draw: Late = (s, rng) => {
    const made = step(s, rng);
    rng.random();
    return made;
  };
  assertEquals(await found(draw, 159), ["draws", 160, undefined, undefined]);
  const burn = (k: number) => (s: number, rng: Rng, _: unknown, t: number) => {
    if (t % 2 === k) rng.random();
    return s + 1;
  };
  const even = record(burn(0), { init: 0, steps: 200, seed: 1, blockSize: 20 });
  const odd = await even.diverge(burn(1));
  assertEquals([odd.kind, odd.t, odd.draw?.index, odd.stateT], ["draws", 1, 0, undefined]);
});

Deno.test("diverge() compares steps that use each other's runs, keep their generator, or are one function", async () => {
  const step = (s: number, rng: Rng) => s + rng.random();
  const options = { init: 0, steps: 120, seed: 3, blockSize: 10 };
  const run = record(step, options);
  assertEquals((await run.diverge(step)).kind, "equal");
  assertEquals((await run.diverge(step, { init: 1 })).t, 0);
  const nested = (s: number, rng: Rng, _: unknown, t: number) => {
    if (t === 40) run.get(77);
    return s + rng.random() + (t === 99 ? 1 : 0);
  };
  assertEquals((await run.diverge(nested)).t, 100);
  let kept: Rng | undefined;
  const keeping = (s: number, rng: Rng, _: unknown, t: number) => {
    kept ??= rng;
    return s + kept.random() + (t === 55 ? 1 : 0);
  };
  assertEquals((await run.diverge(keeping)).t, 56);
});
