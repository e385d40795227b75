/**
 * Ten models as source text, and changes of each: ten that change what it does, two that do not.
 *
 * @module
 */

import type { RngName } from "../../../src/rng/backends.ts";

/** A change of a model's text. */
export type Change = readonly [from: string, to: string];

/** A model and its changes. */
export interface Model {
  /** What it is called. */
  readonly name: string;
  /** Its generator. */
  readonly rng: RngName;
  /** X_0. */
  readonly init: unknown;
  /** The text of its step. */
  readonly step: string;
  /** Changes after which it draws or behaves otherwise. */
  readonly mutants: readonly Change[];
  /** Changes after which it does not. */
  readonly same: readonly Change[];
}

/** The models. */
export const MODELS: readonly Model[] = [
  {
    name: "walk",
    rng: "python",
    init: 0,
    step: `(x, rng) => { const u = rng.random(); const d = u < 0.5 ? 1 : -1; return x + d; }`,
    mutants: [
      ["0.5", "0.501"],
      ["u < 0.5", "u > 0.5"],
      ["? 1 : -1", "? 1 : -2"],
      ["x + d", "x - d"],
      ["const d", "if (x === 7) rng.random(); const d"],
      ["rng.random()", "rng.gauss(0.5, 0.2)"],
      ["const d", "rng.getrandbits(8); const d"],
      ["x + d", "x + d + (u < 0.002 ? 1 : 0)"],
      ["rng.random()", "1 - rng.random()"],
      ["x + d", "{ x: x + d }.x + (x === 12 ? 0.25 : 0)".replace("{ x: x + d }.x", "(x + d)")],
    ],
    same: [["rng.random()", "rng.uniform(0, 1)"], ["x + d", "d + x"]],
  },
  {
    name: "decay",
    rng: "python",
    init: { value: 1, gain: 0.97, count: 0, tags: ["a"] },
    step: `(s, rng) => ({ value: s.value * s.gain + 0.1 * rng.random(), gain: s.gain,
      count: s.count + 1, tags: s.tags })`,
    mutants: [
      ["0.1 *", "0.1000001 *"],
      ["0.1 * rng.random()", "rng.random() * 0.1 + (s.count === 250 ? 1e-15 : 0)"],
      [
        "s.value * s.gain + 0.1 * rng.random()",
        "0.1 * rng.random() + s.value * 0.97 * (1 + 2 ** -52)",
      ],
      ["s.count + 1", "s.count + (s.count > 300 ? 2 : 1)"],
      ["count: s.count + 1", "counter: s.count + 1"],
      ["tags: s.tags", "tags: s.count === 99 ? [...s.tags, 'b'] : s.tags"],
      ["rng.random()", "rng.gauss(0, 1)"],
      ["gain: s.gain,", "gain: s.count < 400 ? s.gain : -s.gain,"],
      ["rng.random()", "(rng.random() + (s.count % 50 === 0 ? rng.random() : 0))"],
      ["tags: s.tags", "tags: s.count === 200 ? ['b'] : s.tags"],
    ],
    same: [["s.count + 1", "1 + s.count"], ["rng.random()", "rng.uniform(0, 1)"]],
  },
  {
    name: "herd",
    rng: "sfc32",
    init: { agents: [{ x: 0, y: 0 }, { x: 1, y: 1 }, { x: 2, y: 2 }], t: 0 },
    step:
      `(s, rng) => { for (const a of s.agents) { a.x += rng.random() - 0.5; a.y += rng.random() - 0.5;
      if (a.x > 3) a.x = 3; } s.t++; return s; }`,
    mutants: [
      ["a.x > 3", "a.x > 2.9"],
      ["a.x > 3", "a.x < -3"],
      [
        "a.x += rng.random() - 0.5; a.y += rng.random() - 0.5;",
        "a.y += rng.random() - 0.5; a.x += rng.random() - 0.5;",
      ],
      ["s.t++", "s.t += s.t === 123 ? 2 : 1"],
      ["s.t++", "s.t++; if (s.t === 77) rng.random()"],
      ["s.agents)", "[...s.agents].reverse())"],
      ["a.x = 3;", "a.x = 3 - 2 ** -50;"],
      ["- 0.5; a.y", "- 0.5000001; a.y"],
      ["s.t++", "s.t++; s.agents[1].y += s.t === 10 ? 1e-15 : 0"],
      ["a.y += rng.random() - 0.5", "a.y += rng.gauss(0, 0.3)"],
    ],
    same: [["if (a.x > 3) a.x = 3;", "a.x = Math.min(a.x, 3);"], ["s.t++", "s.t = s.t + 1"]],
  },
  {
    name: "counts",
    rng: "python",
    init: { by: new Map([["a", 0], ["b", 0]]), seen: new Set<number>() },
    step: `(s, rng) => { const k = rng.choice(["a", "b"]); s.by.set(k, s.by.get(k) + 1);
      s.seen.add(rng.randrange(50)); return s; }`,
    mutants: [
      [`["a", "b"]`, `["b", "a"]`],
      ["+ 1)", "+ (s.by.get(k) === 40 ? 2 : 1))"],
      ["randrange(50)", "randrange(51)"],
      ["randrange(50)", "randrange(49)"],
      ["s.seen.add", "if (s.seen.size < 45) s.seen.add"],
      ["return s", "if (s.seen.size === 50) s.by.set('c', 1); return s"],
      ["rng.choice", "(rng.random(), rng).choice"],
      ["s.by.set(k,", "s.by.set(k === 'b' && s.seen.size > 30 ? 'a' : k,"],
      ["randrange(50)", "randint(0, 50)"],
      ["return s", "s.seen.delete(s.by.get('a')); return s"],
    ],
    same: [["randrange(50)", "randint(0, 49)"], [
      `rng.choice(["a", "b"])`,
      `"ab"[rng.randrange(2)]`,
    ]],
  },
  {
    name: "lattice",
    rng: "numpy",
    init: new Int8Array(64).fill(1),
    step: `(s, rng) => { const i = rng.integers(64); const sum = s[(i + 1) % 64] + s[(i + 63) % 64];
      if (rng.random() < Math.min(1, 1.5 ** (-sum * s[i]))) s[i] = -s[i]; return s; }`,
    mutants: [
      ["integers(64)", "integers(63)"],
      ["1.5 **", "1.6 **"],
      ["(i + 63)", "(i + 62)"],
      ["rng.random() <", "rng.random() >="],
      ["s[i] = -s[i]", "s[i] = 0 - s[i] - (i === 3 ? 1 : 0)"],
      ["return s", "rng.random(); return s"],
      ["-sum * s[i]", "sum * s[i]"],
      ["const sum", "rng.normal(); const sum"],
      ["s[i] = -s[i]", "s[63 - i] = -s[63 - i]"],
      ["Math.min(1,", "Math.min(0.9,"],
    ],
    same: [["rng.random()", "rng.uniform()"], ["integers(64)", "integers(0, 64)"]],
  },
  {
    name: "noise",
    rng: "numpy",
    init: { v: new Float64Array(4), m: 0 },
    step: `(s, rng) => { for (let i = 0; i < 4; i++) s.v[i] = 0.9 * s.v[i] + rng.normal(0, 0.1);
      s.m = (s.v[0] + s.v[1]) + (s.v[2] + s.v[3]); return s; }`,
    mutants: [
      ["(s.v[0] + s.v[1]) + (s.v[2] + s.v[3])", "s.v[0] + (s.v[1] + s.v[2]) + s.v[3]"],
      ["0.9 *", "0.91 *"],
      ["normal(0, 0.1)", "normal(0, 0.2)"],
      ["normal(0, 0.1)", "normal(0.1, 0.1)"],
      ["i < 4", "i < 3"],
      ["normal(0, 0.1)", "uniform(-0.1, 0.1)"],
      ["return s", "if (s.m > 0.9) rng.random(); return s"],
      ["0.9 * s.v[i] + rng.normal(0, 0.1)", "rng.normal(0, 0.1) + s.v[i] * 0.9 * (1 + 2 ** -52)"],
      ["s.m =", "s.n ="],
      ["let i = 0; i < 4; i++", "let i = 3; i >= 0; i--"],
    ],
    same: [["normal(0, 0.1)", "normal(-0, 0.1)"], ["0.9 * s.v[i]", "s.v[i] * 0.9"]],
  },
  {
    name: "queue",
    rng: "python",
    init: { waiting: [], served: 0, clock: 0 },
    step:
      `(s, rng) => { s.clock += rng.expovariate(1); if (rng.random() < 0.5) s.waiting.push(s.clock);
      else if (s.waiting.length > 0) { s.waiting.shift(); s.served++; } return s; }`,
    mutants: [
      ["expovariate(1)", "expovariate(1.01)"],
      ["< 0.5", "<= 0.48"],
      ["waiting.shift()", "waiting.pop()"],
      ["length > 0", "length > 1"],
      ["s.served++", "s.served += 2"],
      ["return s", "s.waiting.sort((a, b) => b - a); return s"],
      ["s.clock += rng.expovariate(1);", ""],
      ["s.waiting.push(s.clock)", "s.waiting.unshift(s.clock)"],
      ["return s", "if (s.served === 30) rng.shuffle([1, 2, 3]); return s"],
      ["s.waiting.push(s.clock)", "s.waiting.push(s.clock * (1 + 2 ** -52))"],
    ],
    same: [["rng.random()", "rng.uniform(0, 1)"], [
      "s.waiting.length > 0",
      "s.waiting.length >= 1",
    ]],
  },
  {
    name: "epidemic",
    rng: "python",
    init: { s: 990, i: 10, r: 0 },
    step: `(p, rng) => { const sick = Math.min(p.s, Math.floor(p.s * p.i * 0.0004 + rng.random()));
      const well = Math.min(p.i, Math.floor(p.i * 0.1 + rng.random()));
      return { s: p.s - sick + (p.r > 500 ? 5 : 0), i: p.i + sick - well, r: p.r + well - (p.r > 500 ? 5 : 0) }; }`,
    mutants: [
      ["0.0004", "0.00041"],
      ["* 0.1 +", "* 0.11 +"],
      ["? 5 : 0), i", "? 4 : 0), i"],
      ["p.r + well", "p.r + 2 * well"],
      ["i: p.i + sick - well", "infected: p.i + sick - well"],
      ["Math.floor(p.i * 0.1", "Math.ceil(p.i * 0.1"],
      ["const well", "rng.random(); const well"],
      ["r: p.r + well", "r: p.r + well + (p.i === 0 ? 1 : 0) + 0.5"],
      ["p.i * 0.1 + rng.random()", "p.i * 0.1 + rng.betavariate(1, 1)"],
      ["s: p.s - sick", "s: p.s - sick - (p.s < 500 ? 1e-9 : 0)"],
    ],
    same: [["p.s * p.i * 0.0004", "(p.s * p.i) * 0.0004"], [
      "rng.random()));",
      "rng.uniform(0, 1)));",
    ]],
  },
  {
    name: "cards",
    rng: "sfc32",
    init: { deck: Array.from({ length: 12 }, (_, i) => i), top: -1, note: "" },
    step:
      `(s, rng) => { rng.shuffle(s.deck); s.top = s.deck[0]; s.note = s.top > 8 ? "high" : "low"; return s; }`,
    mutants: [
      ["s.deck[0]", "s.deck[1]"],
      ["> 8", ">= 8"],
      [`"high"`, `"top"`],
      ["rng.shuffle(s.deck)", "rng.shuffle(s.deck); rng.shuffle(s.deck)"],
      ["rng.shuffle(s.deck)", "s.deck = rng.sample(s.deck, 12)"],
      ["return s", "if (s.top === 11) s.deck.reverse(); return s"],
      ["return s", "if (s.top === 11) rng.random(); return s"],
      [
        "return s",
        "s.deck[0] = -s.deck[0]; s.deck[0] = Math.abs(s.deck[0]) + 0; s.top = -0; return s",
      ],
      ["s.top =", "s.top = s.note === 'high' ? 0n : "],
      ["s.note =", "s.notes ="],
    ],
    same: [["s.deck[0]", "s.deck.at(0)"], ["> 8", ">= 9"]],
  },
  {
    name: "graph",
    rng: "python",
    init: (() => {
      const nodes = Array.from({ length: 5 }, (_, id) => ({ id, load: 0, next: [] as unknown[] }));
      for (const [i, node] of nodes.entries()) node.next = [nodes[(i + 1) % 5], nodes[(i + 3) % 5]];
      return { nodes, at: nodes[0] };
    })(),
    step: `(s, rng) => { s.at.load += 1; s.at = rng.choice(s.at.next); return s; }`,
    mutants: [
      ["+= 1", "+= s.at.load === 60 ? 2 : 1"],
      ["rng.choice(s.at.next)", "s.at.next[rng.random() < 0.49 ? 0 : 1]"],
      ["rng.choice(s.at.next)", "rng.choice(s.nodes)"],
      ["return s", "if (s.at.id === 3 && s.at.load === 20) s.at.id = 33; return s"],
      ["return s", "rng.random(); return s"],
      ["s.at.load += 1", "s.at.load += 1 + (s.at.id === 2 ? 2 ** -40 : 0)"],
      ["s.at.load += 1", "s.at.load -= 1"],
      ["return s", "if (s.at.load === 50) s.at.next.reverse(); return s"],
      ["return s", "if (s.at.load === 70) s.nodes.push({ id: 5, load: 0, next: [] }); return s"],
      [
        "s.at = rng.choice(s.at.next)",
        "s.at = rng.choice(s.at.next); s.nodes[4].load = s.at.id === 1 ? NaN : s.nodes[4].load",
      ],
    ],
    same: [["+= 1", "++".replace("++", "= s.at.load + 1")], [
      "return s",
      "s.at.next = [...s.at.next]; return s",
    ]],
  },
];

/** The step of a model, perhaps changed. */
export function stepOf(
  { step }: Model,
  [from, to]: Change = ["", ""],
): (state: unknown, rng: never) => unknown {
  if (!step.includes(from)) throw new Error(`'${from}' is not in the model`);
  return new Function(`return ${step.replace(from, () => to)}`)();
}
