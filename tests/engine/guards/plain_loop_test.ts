import { assertEquals, assertThrows } from "@std/assert";
import { CheckpointLog, MemoryCheckpoints } from "../../../src/engine/checkpoint_log.ts";
import { liveLooks } from "../../../src/engine/guards/live_looks.ts";
import { recordPlan } from "../../../src/engine/record.ts";
import { planRecord } from "../../../src/engine/record_options.ts";
import { GuardError } from "../../../mod.ts";

// deno-lint-ignore no-explicit-any -- models as strangers write them
type Any = any;

/** Records as in the sandbox: the guards have functions of their own, and a clock. */
function recorded(step: Any, options: Any, now: () => number = () => 0): number {
  const { init, steps = 200, blockSize = 10, ...rest } = options;
  const made = { init, steps, blockSize, seed: 1, ...rest };
  const plan = planRecord(step, made);
  const own = { ...plan.second!, isOwn: true };
  const second = { ...own, looks: liveLooks(own, plan.observe, now) };
  return recordPlan({ ...plan, second, now }, {
    checkpoints: new CheckpointLog(new MemoryCheckpoints(), plan),
  }).steps;
}

const ALIVE = Object.freeze({ name: "alive" });
const DEAD = Object.freeze({ name: "dead" });

const LATE = (s: Any, _: Any, __: Any, t: number): Any => {
  if (t === 155 && s.is === ALIVE) s.is = DEAD;
  return s;
};

Deno.test("a plain loop beside the recording finds what matters only after the first blocks", () => {
  const error = assertThrows(() => recorded(LATE, { init: () => ({ is: ALIVE }) }), GuardError);
  assertEquals([error.kind, error.path, error.t], ["lost", "state.is.name", 160]);
  const tired = (s: Any, _: Any, __: Any, t: number): Any => {
    s.x += s.rest > 0 ? 0 : 1;
    s.rest = t === 55 ? 9 : s.rest - 1;
    return s;
  };
  const codec = { encode: (s: Any) => ({ x: s.x }), decode: (d: Any) => ({ ...d, rest: 0 }) };
  assertThrows(
    () => recorded(tired, { init: () => ({ x: 0, rest: 0 }), codec }),
    GuardError,
    "Cannot record: a checkpoint loses state.rest, which is",
  );
  const held = (s: Any, _: Any, params: Any, t: number): Any => {
    if (t === 55) s.list.push(7);
    return { ...s, n: params.list.length };
  };
  assertThrows(
    () => recorded(held, { init: ({ list }: Any) => ({ list, n: 1 }), params: { list: [1] } }),
    GuardError,
    "the state holds an object of the parameters, which change with it: params.list.length was 1",
  );
  const passing = (s: Any, _: Any, __: Any, t: number): Any =>
    t === 55 ? { f: () => s } : s.f?.() ?? s;
  // What was recorded before is kept.
  assertEquals(recorded(passing, { init: () => ({ x: 0 }) }), 56);
});

Deno.test("the plain loop ends where it takes long, and takes no offence at constants and copies", () => {
  let ms = 0;
  assertEquals(recorded(LATE, { init: () => ({ is: ALIVE }) }, () => ms += 1), 200);
  const kinds = [ALIVE, DEAD];
  const fair = (s: Any, rng: Any): Any => {
    s.all[rng.randrange(2)] = rng.choice(kinds);
    return { ...s, n: s.all.filter(({ name }: Any) => name === "dead").length };
  };
  assertEquals(recorded(fair, { init: () => ({ all: [ALIVE, ALIVE], n: 0 }) }), 200);
});

Deno.test("an observable that tells a state from a copy of it is named, and a codec that rounds", () => {
  const observe = { alive: (s: Any) => +(s.is === ALIVE) };
  assertThrows(
    () => recorded((s: Any) => s, { init: () => ({ is: ALIVE }), observe }),
    GuardError,
    "Cannot use observe.alive: it tells a state from a copy of it: of state 0 as a plain loop has it, it is 1, and 0 " +
      "after a checkpoint; compare values or names",
  );
  const codec = {
    encode: ({ at }: Any) => new Float32Array(at),
    decode: (d: Any) => ({ at: Float64Array.from(d) }),
  };
  const move = ({ at }: Any, rng: Any): Any => ({ at: at.map((x: number) => x + rng.random()) });
  assertThrows(
    () => recorded(move, { init: () => ({ at: new Float64Array(1) }), codec }),
    GuardError,
    "Cannot record: the codec rounds state.at[0]: it is ",
  );
  const rounded = ({ at }: Any, rng: Any): Any => ({
    at: at.map((x: number) => Math.fround(x + rng.random())),
  });
  assertEquals(recorded(rounded, { init: () => ({ at: new Float64Array(1) }), codec }), 200);
});
