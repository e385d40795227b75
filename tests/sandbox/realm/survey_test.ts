import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { findNumericLeaves } from "../../../src/codec/numeric_leaves.ts";
import { bucketsOf, type Series, SeriesAccumulator } from "../../../src/engine/series.ts";
import { SandboxError } from "../../../src/errors.ts";
import { checkSurvey, type SurveyRequest } from "../../../src/sandbox/host/survey_claims.ts";
import { SandboxedRun } from "../../../src/sandbox/host/sandboxed_run.ts";
import { recordIn } from "../in_sandbox.ts";

const SOURCE = `
export const init = { x: 0, pos: [0, 1], agents: [], wide: 1 };
export function step(s, rng) {
  const u = rng.random();
  s.x = u < 0.05 ? NaN : u < 0.1 ? 1 / 0 : u - 0.5;
  s.pos[1] += rng.normalvariate(0, 1);
  if (u < 0.3) s.agents.push({ age: u });
  else if (u > 0.6) s.agents.pop();
  s.wide = -s.wide * 1.5;
  return s;
}
export const observe = { x: (s) => s.x, both: (s) => [s.pos[1], s.x, s.agents.length > 2] };
`;

/** As the states say it, by a way that shares only the accumulator with the sandbox. */
function bruteForce(
  values: readonly (number | undefined)[],
  range: { from: number; to: number },
  bucketsMax: number,
): Series {
  const series = new SeriesAccumulator(bucketsOf(range.from, range.to, bucketsMax));
  values.forEach((x, i) => x !== undefined && series.add(range.from + i, x));
  return series.result();
}

interface State {
  x: number;
  pos: number[];
  agents: { age: number }[];
  wide: number;
}

Deno.test("survey() gives the series and the states that states() gives, of any range", async () => {
  const run = await recordIn(SOURCE, { steps: 150 });
  await using sandboxed = new SandboxedRun(run, { source: SOURCE });
  const states = await Array.fromAsync(sandboxed.states()) as State[];
  const { leaves } = findNumericLeaves(states, 100);
  const get: Record<string, (state: State) => number | undefined> = {
    "x": (s) => s.x,
    "pos[0]": (s) => s.pos[0],
    "pos[1]": (s) => s.pos[1],
    "wide": (s) => s.wide,
    "agents.length": (s) => s.agents.length,
    "agents[0].age": (s) => s.agents[0]?.age,
    "agents[3].age": (s) => s.agents[3]?.age,
  };
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 149 }),
      fc.integer({ min: 1, max: 150 }),
      fc.integer({ min: 1, max: 200 }),
      fc.uniqueArray(fc.nat(149), { maxLength: 20 }),
      async (a, length, bucketsMax, wanted) => {
        const range = { from: a, to: Math.min(150, a + length) };
        const samples = wanted.filter((t) => t >= range.from && t < range.to).sort((p, q) => p - q);
        const result = await sandboxed.survey({
          ...range,
          bucketsMax,
          leaves: leaves.map(({ path }) => path),
          observe: [{ name: "both" }, { expression: "(s) => s.x" }],
          seriesMax: 3,
          samples,
        });
        assertEquals(
          result.states.map((bytes) => decodeState(bytes)),
          samples.map((t) => states[t]),
        );
        const part = states.slice(range.from, range.to);
        for (const [name, of] of Object.entries(get)) {
          const k = leaves.findIndex((leaf) => leaf.name === name);
          assert(k >= 0, name);
          assertEquals(result.series.leaves[k], bruteForce(part.map(of), range, bucketsMax), name);
        }
        const [both, none] = result.series.observables;
        assertEquals([both!.length, both!.series.length, none!.length], [3, 3, -1]);
        assertEquals(both!.series[0], bruteForce(part.map((s) => s.pos[1]), range, bucketsMax));
        const many = part.map((s) => s.agents.length > 2 ? 1 : 0);
        assertEquals(both!.series[2], bruteForce(many, range, bucketsMax));
        // There was room for three.
        assertEquals(none!.series, []);
      },
    ),
    { numRuns: 12, seed: 3 },
  );
});

Deno.test("survey() gives the statistics that stats() gives, bit for bit", async () => {
  const source = `export const init = 0.1; export const step = (x, rng) => x + rng.gauss(0, 1e9);`;
  const run = await recordIn(source, { steps: 3000 });
  await using sandboxed = new SandboxedRun(run, { source });
  const { series } = await sandboxed.survey({
    from: 0,
    to: 3000,
    bucketsMax: 1000,
    leaves: [[]],
    observe: [],
    seriesMax: 0,
    samples: [],
  });
  assertEquals(series.leaves[0]!.stats, await sandboxed.stats() as Series["stats"]);
});

Deno.test("survey() reads what functions of the state see where there is a codec, and gives observables the live state", async () => {
  const source = `
class Point { constructor(x) { this.x = x; } double() { return 2 * this.x; } }
export const codec = { encode: (p) => ({ inner: p.x }), decode: (d) => new Point(d.inner) };
export const init = () => new Point(1);
export const step = (p) => new Point(p.x + 1);
export const observe = { double: (p) => p.double() };`;
  const run = await recordIn(source, { steps: 20 });
  await using sandboxed = new SandboxedRun(run, { source });
  const { series, states } = await sandboxed.survey({
    from: 0,
    to: 20,
    bucketsMax: 20,
    leaves: [[{ kind: "property", key: "x" }]],
    observe: [{ name: "double" }],
    seriesMax: 1,
    samples: [7],
  });
  assertEquals(Array.from(series.leaves[0]!.low), Array.from({ length: 20 }, (_, t) => t + 1));
  assertEquals(states.map(decodeState), [{ x: 8 }]);
  assertEquals(series.observables[0]!.series[0]!.stats!.max, 40);
});

Deno.test("survey() tells what cannot be plotted, and of a step that fails", async () => {
  const run = await recordIn(SOURCE, { steps: 30 });
  await using sandboxed = new SandboxedRun(run, { source: SOURCE });
  const survey = (choice: { name: string } | { expression: string }, run = sandboxed) =>
    run.survey({
      from: 0,
      to: 30,
      bucketsMax: 10,
      leaves: [],
      observe: [choice],
      seriesMax: 4,
      samples: [],
    });
  for (
    const [expression, message] of [
      ["s => 'a'", "Cannot plot a value of type string"],
      ["s => ({})", "Cannot plot an object"],
      ["s => null", "Cannot plot null"],
      ["s => [1, {}]", "Cannot plot an object"],
      ["s => new Array(300)", "at most 256 numbers"],
      ["s => { throw new Error('mine') }", "mine"],
      ["5", "not a function"],
    ] as const
  ) {
    await assertRejects(() => survey({ expression }), SandboxError, message);
  }
  await assertRejects(() => survey({ name: "nope" }), SandboxError, "no observable");
  const other = SOURCE.replace(
    "s.x = u",
    "if (s.agents.length > 1) throw new Error('late'); s.x = u",
  );
  await using failing = new SandboxedRun(run, { source: other });
  await assertRejects(() => survey({ name: "x" }, failing), Error, "the step failed: Error: late");
});

const REQUEST: SurveyRequest = {
  buckets: bucketsOf(10, 30, 5),
  leaves: 1,
  observables: 1,
  seriesMax: 2,
};

function honestSeries(): Series {
  return bruteForce(Array.from({ length: 20 }, (_, i) => i === 3 ? NaN : i), {
    from: 10,
    to: 30,
  }, 5);
}

function honest(): { leaves: unknown[]; observables: { length: unknown; series: unknown[] }[] } {
  return {
    leaves: [honestSeries()],
    observables: [{ length: 2, series: [honestSeries(), honestSeries()] }],
  };
}

Deno.test("checkSurvey() takes an honest answer and refuses whatever does not fit the request", () => {
  assertEquals(
    checkSurvey(honest(), REQUEST),
    honest() as unknown as ReturnType<typeof checkSurvey>,
  );
  const refused = (claim: unknown, why: string): void => {
    const error = assertThrows(() => checkSurvey(claim, REQUEST), SandboxError, undefined, why);
    assertEquals(error.reason, "protocol", why);
  };
  refused(undefined, "nothing");
  refused({ ...honest(), leaves: [] }, "too few leaves");
  refused({ ...honest(), leaves: [honestSeries(), honestSeries()] }, "too many leaves");
  refused({ ...honest(), observables: [] }, "too few observables");
  const three = [honestSeries(), honestSeries(), honestSeries()];
  refused(
    { ...honest(), observables: [{ length: 3, series: three }] },
    "more series than asked for",
  );
  refused(
    { ...honest(), observables: [{ length: 1, series: three.slice(1) }] },
    "more than it says",
  );
  refused(
    { ...honest(), observables: [{ length: -1, series: three.slice(1) }] },
    "two of a number",
  );
  for (const length of [-2, 1.5, 257, NaN, "2", undefined, Infinity]) {
    refused({ ...honest(), observables: [{ length, series: [] }] }, `length ${length}`);
  }
  const changes: Record<string, unknown[]> = {
    low: [[], new Float64Array(4), new Float64Array(6), new Float32Array(5), undefined],
    high: [new Float64Array(1e4)],
    mean: [null],
    marks: [new Uint8Array(4), new Float64Array(5), []],
    isConstant: [undefined, 1],
    digest: [undefined, new Uint32Array(1), new Uint32Array(3), [1, 2]],
    minT: [9, 30, 10.5, -1, NaN, "12", undefined],
    maxT: [9, 30, Infinity],
    nan: [
      undefined,
      { count: 21, first: 13 },
      { count: 1, first: 30 },
      { count: 1, first: -1 },
      { count: 0, first: 13 },
      { count: -1, first: 13 },
      { count: 1.5, first: 13 },
    ],
    positive: [{ count: 1, first: "12" }],
    negative: [[]],
    stats: [undefined, {}, { count: 1, mean: [1], covariance: [[1]] }, "none"],
  };
  for (const [name, values] of Object.entries(changes)) {
    for (const value of values) {
      const series = { ...honestSeries(), [name]: value };
      refused({ ...honest(), leaves: [series] }, `${name}: ${Deno.inspect(value)}`);
      refused({ ...honest(), observables: [{ length: -1, series: [series] }] }, name);
    }
  }
});
