import { assertEquals, assertMatch } from "@std/assert";
import * as portableMath from "../../../src/math/mod.ts";
import { createRng, deriveSeed } from "../../../src/rng/mod.ts";
import { lastState, ModuleFolder } from "./support.ts";

Deno.test("a step module imports the generators from @rewind/cli/rng and gets the same draws", async () => {
  await using folder = new ModuleFolder({
    "python.ts": `import { createRng, type PythonRandom } from "@rewind/cli";
export const params = { n: 3, seed: 7 };
export function init(p: typeof params) {
  const rng: PythonRandom = createRng("python", p.seed);
  return Array.from({ length: p.n }, () => [rng.random(), rng.gauss(0, 1), rng.vonmisesvariate(0, 4)]);
}
export const step = (s: unknown) => s;
`,
    "numpy.ts": `import * as rng from "@rewind/cli/rng";
export const init = 0;
const made = rng.createRng("numpy", 5).standardNormal({ size: 3 });
export const step = () => [...made, rng.deriveSeed(42n, 3)];
`,
    "late.ts": `import { createRng as make } from "@rewind/cli/rng";
export const init = 0;
const names = ["sfc32", "numpy", "python"] as const;
export const step = () => names.map((name) => (make(name, 9) as any).random());
`,
    "bundled.ts": `import { draws } from "./lib.ts";\nimport { createRng } from "@rewind/cli/rng";
export const init = 0;\nexport const step = () => [draws(), createRng("python", 1).random()];\n`,
    "lib.ts":
      `import { createRng } from "@rewind/cli";\nexport const draws = () => createRng("sfc32", 3).random();\n`,
  });
  const last = async (name: string) => await lastState((await folder.read(name)).source);
  const python = createRng("python", 7);
  assertEquals(
    await last("python.ts"),
    Array.from(
      { length: 3 },
      () => [python.random(), python.gauss(0, 1), python.vonmisesvariate(0, 4)],
    ),
  );
  assertEquals(await last("numpy.ts"), [
    ...createRng("numpy", 5).standardNormal({ size: 3 }),
    deriveSeed(42n, 3),
  ]);
  assertEquals(await last("late.ts"), [
    createRng("sfc32", 9).random(),
    createRng("numpy", 9).random(),
    createRng("python", 9).random(),
  ]);
  assertEquals(await last("bundled.ts"), [
    createRng("sfc32", 3).random(),
    createRng("python", 1).random(),
  ]);
  // Only what may be used travels.
  const size = async (name: string) => (await folder.read(name)).source.length;
  const [small, large] = [await size("python.ts"), await size("late.ts")];
  assertEquals([small < 40_000, large > 60_000], [true, true]);
});

Deno.test("a step module imports @rewind/cli/math and gets the portable functions, once", async () => {
  await using folder = new ModuleFolder({
    "math.ts": `import { exp, sin as sine } from "@rewind/cli/math";
import * as M from "@rewind/cli/math";
export const init = 0;
export const step = () => [exp(0.1), sine(1e22), M.pow(1.1, 300), exp === Math.exp, M.tanh === Math.tanh];
`,
    "unused.ts": `import { PythonRandom } from "@rewind/cli";
export const init = 0;
export const step = (x: number, _rng: PythonRandom) => x + 1;
`,
  });
  const { source, notes } = await folder.read("math.ts");
  assertEquals([source.length < 400, notes], [true, []]);
  const { exp, sin, pow } = portableMath;
  assertEquals(await lastState(source), [exp(0.1), sin(1e22), pow(1.1, 300), true, true]);
  assertEquals((await folder.read("unused.ts")).source.length < 200, true);
});

Deno.test("what a step module cannot have of rewind is refused, with what it can have", async () => {
  const importing = (what: string): string =>
    `import ${what};\nexport const init = 0;\nexport const step = () => 1;\n`;
  await using folder = new ModuleFolder({
    "record.ts": `${importing('{ record } from "@rewind/cli"')}record;`,
    "typo.ts": `${importing('{ creatRng } from "@rewind/cli/rng"')}creatRng;`,
    "training.ts": importing('{ x } from "@rewind/cli/training"'),
    "all.ts":
      'export * from "@rewind/cli/math";\nexport const init = 0;\nexport const step = () => 1;\n',
  });
  assertMatch(
    await folder.refusal("record.ts"),
    /record\.ts:1:10 imports 'record', which a step module cannot have .*; it can have .*createRng/,
  );
  assertMatch(await folder.refusal("typo.ts"), /; did you mean 'createRng'\?$/);
  assertMatch(
    await folder.refusal("training.ts"),
    /training\.ts:1:1 imports @rewind\/cli\/training; .*@rewind\/cli\/math/,
  );
  assertMatch(
    await folder.refusal("all.ts"),
    /all\.ts:1:1 exports all of rewind; export what it uses by name/,
  );
});
