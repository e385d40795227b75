/**
 * Random models, as the text of a step module: graphs with sharing and cycles, views of one buffer, lattices, codecs,
 * all kinds of state, nested parameters, inputs, functions that change what they look at.
 *
 * @module
 */

import type { RngName } from "../../src/rng/backends.ts";

/** A mistake that is put into a model on purpose, and the word of the refusal that names it. */
export interface Mistake {
  /** What is wrong. */
  readonly kind: "observer" | "params" | "codec" | "identity" | "hidden" | "not data";
  /** What the message must name. */
  readonly names: RegExp;
}

/** A model. */
export interface Model {
  /** Its number. */
  readonly number: number;
  /** Text of the module: exports step, init, observe, and perhaps codec and params. */
  readonly text: string;
  /** Generator backend. */
  readonly rng: RngName;
  /** Number of states. */
  readonly steps: number;
  /** States per block. */
  readonly blockSize: number;
  /** Master seed. */
  readonly seed: number;
  /** Values from outside, if the model takes any. */
  readonly inputs: readonly unknown[] | undefined;
  /** The t of the state that the step fails to make, if it does. */
  readonly failsAt: number | undefined;
  /** What is wrong with it, if anything. */
  readonly mistake: Mistake | undefined;
}

/** Numbers that follow from a seed: mulberry32, by Tommy Ettinger. */
export class Chance {
  #state: number;

  /** Starts from a seed. */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** In [0, 1). */
  random(): number {
    let z = this.#state = this.#state + 0x6d2b79f5 | 0;
    z = Math.imul(z ^ z >>> 15, z | 1);
    z ^= z + Math.imul(z ^ z >>> 7, z | 61);
    return ((z ^ z >>> 14) >>> 0) / 2 ** 32;
  }

  /** An integer in [0, n). */
  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  /** One of several. */
  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Whether something of that probability happens. */
  is(p: number): boolean {
    return this.random() < p;
  }
}

/** A part of a state: how it starts, and what a step does to it. `u()` is uniform in [0, 1), `n(k)` an integer below k. */
interface Part {
  readonly init: string;
  readonly step: string;
}

/** What parts are made of; `s` is the state, `P` the name of the part. */
const PARTS: Readonly<Record<string, Part>> = {
  count: { init: "0", step: "s.P += n(5) - 2;" },
  float: { init: "0.5", step: "s.P = s.P * 0.75 + u();" },
  odd: {
    init: "-0",
    step: "s.P = u() < 0.3 ? NaN : u() < 0.5 ? -0 : u() < 0.5 ? Infinity : s.P + 1;",
  },
  big: { init: "1n", step: "s.P = s.P * 3n % (2n ** 90n) - BigInt(n(7));" },
  text: { init: '"a"', step: 's.P = (s.P + "aé€\\u{1f600}\\ud800"[n(6)]).slice(-12);' },
  flag: { init: "null", step: "s.P = u() < 0.2 ? undefined : u() < 0.4 ? null : u() < 0.7;" },
  list: {
    init: "[]",
    step: "if (u() < 0.6) s.P.push(u()); else s.P.shift(); if (s.P.length > 9) s.P.length = 3;",
  },
  named: {
    init: "{ a: 1 }",
    step: 'if (u() < 0.5) s.P["k" + n(4)] = n(9); else delete s.P["k" + n(4)];',
  },
  bare: { init: "Object.assign(Object.create(null), { x: 1 })", step: "s.P.x += n(3);" },
  frozen: {
    init: "Object.freeze({ x: 1, list: Object.freeze([1]) })",
    step: "if (u() < 0.2) s.P = Object.freeze({ x: s.P.x + 1, list: Object.freeze([n(9)]) });",
  },
  map: {
    init: "new Map([[1, { v: 1 }]])",
    step: "s.P.set(n(5), { v: u() }); if (u() < 0.4) s.P.delete(n(5));",
  },
  keyed: {
    init: "(() => { const k = { id: 1 }; return { map: new Map([[k, 0]]), k }; })()",
    step: "s.P.map.set(s.P.k, s.P.map.get(s.P.k) + n(4));",
  },
  set: { init: "new Set([1])", step: "s.P.add(n(8)); if (u() < 0.4) s.P.delete(n(8));" },
  date: { init: "new Date(1e12)", step: "s.P.setTime(s.P.getTime() + n(1000));" },
  floats: { init: "new Float64Array(5)", step: "s.P[n(5)] = u() < 0.1 ? NaN : u();" },
  singles: { init: "new Float32Array(3)", step: "s.P[n(3)] += u();" },
  bytes: { init: "new Uint8Array(7)", step: "s.P[n(7)] += 200;" },
  longs: { init: "new BigInt64Array(2)", step: "s.P[n(2)] -= 5n;" },
  views: {
    init:
      "(() => { const all = new Float64Array(6); return { all, pos: all.subarray(0, 3), vel: all.subarray(2) }; })()",
    step: "s.P.vel[n(4)] += u(); s.P.pos[0] += s.P.all[2];",
  },
  buffer: {
    init:
      "(() => { const b = new ArrayBuffer(8); return { b, v: new DataView(b), u: new Uint8Array(b, 2, 4) }; })()",
    step: "s.P.u[n(4)] += 3; s.P.v.setUint8(0, n(256));",
  },
  leader: {
    init:
      "(() => { const people = [0, 1, 2, 3].map((id) => ({ id, e: 0 })); return { people, leader: people[2] }; })()",
    step: "s.P.leader.e += n(3); if (u() < 0.3) s.P.leader = s.P.people[n(4)];",
  },
  ring: {
    init: "(() => { const a = { v: 1 }, b = { v: 2, next: a }; a.next = b; return a; })()",
    step:
      "s.P.v += s.P.next.v % 7; if (u() < 0.2) s.P = s.P.next; if (u() < 0.05) s.P.next = { v: n(9), next: s.P };",
  },
  deep: {
    init: "undefined",
    step: "s.P = u() < 0.9 ? { v: n(9), next: s.P } : s.P === undefined ? undefined : s.P.next;",
  },
  shared: {
    init:
      "(() => { const kind = { gain: 1 }; return [{ kind }, { kind }, { kind: { gain: 2 } }]; })()",
    step: "s.P[0].kind.gain += n(3); if (u() < 0.1) s.P[2].kind = s.P[1].kind;",
  },
  lattice: {
    init: "lattice(6)",
    step:
      "for (let i = 0; i < 5; i++) { const c = s.P[n(36)]; c.v = (c.v + c.around[n(2)].v + 1) % 1009; }",
  },
  wide: {
    init: "lattice(100)",
    step:
      "for (let i = 0; i < 5; i++) { const c = s.P[n(10000)]; c.v = (c.v + c.around[n(2)].v + 1) % 1009; }",
  },
  time: { init: "-1", step: "s.P = t;" },
  given: { init: "0", step: "s.P += input === undefined ? 1 : input.x + input.list[0];" },
  tuned: { init: "1", step: "s.P = (s.P + params.a.b[1].c) % 1000;" },
};

const LATTICE = `function lattice(size) {
  const cells = Array.from({ length: size * size }, (_, v) => ({ v, around: [] }));
  cells.forEach((c, i) => { for (const by of [1, size]) c.around.push(cells[(i + by) % cells.length]); });
  return cells;
}`;

/** How models draw: uniform numbers and integers by each backend's own methods, and what keeps a value for the next call. */
const DRAWS: Readonly<Record<RngName, readonly string[]>> = {
  python: [
    "const u = () => rng.random(), n = (k) => rng.randrange(k);",
    "const u = () => rng.uniform(0, 1), n = (k) => rng.choice(Array.from({ length: k }, (_, i) => i));",
    "const u = () => (rng.gauss(0, 1) > 0 ? 0.25 : 0.5) + rng.random() / 4, n = (k) => rng.choices(k, { k: 1 })[0];",
  ],
  sfc32: [
    "const u = () => rng.random(), n = (k) => rng.randint(0, k - 1);",
    "const u = () => Math.abs(rng.gauss(0, 0.1)) % 1, n = (k) => rng.sample(k, 1)[0];",
  ],
  numpy: [
    "const u = () => rng.random(), n = (k) => Number(rng.integers(0, k));",
    "const u = () => rng.random({ size: 2 })[1], n = (k) => Number(rng.integers(0, k, { dtype: 'int32' }));",
    "const u = () => Math.abs(rng.normal(0, 0.1)) % 1, n = (k) => rng.permutation(k)[0];",
  ],
};

/** What may be wrong, and how: text put into the step, or the whole of `observe` or `codec`. */
const MISTAKES: readonly (Mistake & {
  readonly step?: string;
  readonly observe?: string;
  readonly forgets?: true;
  readonly top?: string;
  readonly field?: string;
})[] = [
  {
    kind: "observer",
    names: /observe\.sorted/,
    observe: "sorted: (s) => { const l = s.work; l.sort((a, b) => b - a); return l[0] ?? 0; }",
  },
  {
    kind: "params",
    names: /params\.a\.b|read only|read-only|not extensible/,
    step: "params.a.b[1].c += 1;",
  },
  {
    kind: "codec",
    names: /hidden/,
    forgets: true,
    step: "s.hidden = (s.hidden ?? 0) + 1; s.work[0] = s.hidden;",
  },
  {
    kind: "identity",
    names: /tells a state from a copy|state/,
    top: "const KEPT = {};",
    step: "if (KEPT.work !== s.work) { s.work[1]++; KEPT.work = s.work; }",
  },
  {
    kind: "identity",
    names: /tells a state from a copy|state/,
    top: "const SEEN = new WeakMap();",
    step: "const k = (SEEN.get(s.work) ?? 0) + 1; SEEN.set(s.work, k); s.work[1] = k;",
  },
  {
    kind: "identity",
    names: /tells a state from a copy|state/,
    top: "const NORTH = { d: [0, 1] };",
    field: "dir: NORTH",
    step: "if (s.dir === NORTH) s.work[0]++;",
  },
  {
    kind: "hidden",
    names: /replay|replayed|certify/,
    top: "let calls = 0;",
    step: "s.work[2] = ++calls;",
  },
  {
    kind: "hidden",
    names: /replay|replayed|certify/,
    top: "const count = (() => { let k = 0; return () => ++k; })();",
    step: "s.work[2] = count();",
  },
  {
    kind: "observer",
    names: /observe\.change/,
    top: "let last = 0;",
    observe: "change: (s) => { const by = s.age - last; last = s.age; return by; }",
  },
  {
    kind: "params",
    names: /params\.m/,
    step: 'params.m.set("k", t); s.work[0] = params.m.get("k");',
  },
  {
    kind: "not data",
    names: /state\.hole|state\.work/,
    step: "if (t === 2) s.work[9] = 1; else if (t === 3) s.work.length = 4;",
  },
  {
    kind: "not data",
    names: /state\.dir/,
    field: "dir: Object.create({ inherited: 3 })",
    step: "s.work[0] += s.dir.inherited;",
  },
  {
    kind: "not data",
    names: /state\.work|function/,
    step: "if (t === 3) s.work.push(() => 1); else if (t === 4) s.work.pop();",
  },
];

/** The model of a number; the same for the same number. */
export function randomModel(number: number): Model {
  const chance = new Chance(number * 7919 + 1);
  const rng = chance.of<RngName>(["python", "python", "sfc32", "numpy"]);
  const names = Object.keys(PARTS).filter((name) => name !== "wide" && chance.is(0.25));
  if (number % 50 === 7) names.push("wide");
  const takesInputs = names.includes("given") && chance.is(0.7);
  const isWide = names.includes("wide");
  const steps = isWide ? 4 : chance.is(0.08) ? 1 : 2 + chance.below(36);
  const mistake = chance.is(0.15) && steps > 12 && !isWide ? chance.of(MISTAKES) : undefined;
  const hasClass = mistake?.forgets ?? chance.is(0.3);
  const failsAt = mistake === undefined && steps > 3 && chance.is(0.1)
    ? 1 + chance.below(steps - 1)
    : undefined;
  const fields = names.map((name) => `${name}: ${PARTS[name]!.init}`);
  const moves = names.map((name) => PARTS[name]!.step.replaceAll("P", name));
  if (mistake !== undefined) fields.push("work: [3, 1, 2, 5]");
  if (mistake?.field !== undefined) fields.push(mistake.field);
  // Something that grows and never falls, for bisect.
  fields.push("age: 0");
  const isPure = !hasClass && chance.is(0.4);
  const give = isPure ? "return { ...s };" : "return s;";
  const encoded = mistake?.forgets
    ? "const { hidden, ...rest } = w; return rest;"
    : "return { ...w };";
  const text = `${LATTICE}
${mistake?.top ?? ""}
${hasClass ? "class World { constructor(parts) { Object.assign(this, parts); } }" : ""}
export const params = { a: { b: [0, { c: 2.5 }] }, list: [1, 2], m: new Map([["k", 1]]) };
export const init = () => { const parts = { ${fields.join(", ")} }; return ${
    hasClass ? "new World(parts)" : "parts"
  }; };
export function step(s, rng, params, t, input) {
  ${chance.of(DRAWS[rng])}
  ${failsAt === undefined ? "" : `if (t === ${failsAt - 1}) throw new Error("fails on purpose");`}
  ${moves.join("\n  ")}
  ${mistake?.step ?? ""}
  s.age += 1 + n(2);
  ${give}
}
${
    hasClass
      ? `export const codec = { encode: (w) => { ${encoded} }, decode: (d) => new World(d) };`
      : ""
  }
export const observe = { age: (s) => s.age, parity: (s) => s.age % 2${
    mistake?.observe === undefined ? "" : `, ${mistake.observe}`
  } };
`;
  return {
    ...{ number, text, rng, steps, failsAt, mistake },
    blockSize: chance.of([1, 2, 3, 5, 8, 100]),
    seed: chance.below(2 ** 31),
    inputs: takesInputs
      ? Array.from({ length: steps - 1 }, (_, x) => ({ x: x % 5, list: [x] }))
      : undefined,
  };
}
