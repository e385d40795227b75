import { assertEquals, assertMatch } from "@std/assert";
import { TempFolder } from "./run_cli.ts";
import { runVerbIn } from "./run_verb.ts";

/** A step module that uses a package, and how it is recorded. */
interface Case {
  readonly version: string;
  readonly module: string;
  readonly options?: readonly string[];
  /** What the command says besides. */
  readonly warns?: RegExp;
}

const CASES: Readonly<Record<string, Case>> = {
  lodash: {
    version: "4.17.21",
    module: `import _ from "lodash";
export const init = 0;
export const step = (x: number) => x + _.sum([1, 2]) + _.chunk([1, 2, 3], 2).length;`,
    warns: /2000-01-01/,
  },
  immer: {
    version: "10.1.1",
    module: `import { produce } from "immer";
export const init = 0;
export const step = (x: number, rng: any) => produce({ x }, (d) => { d.x += rng.random(); }).x;`,
  },
  mathjs: {
    version: "13.2.0",
    module: `import { add } from "mathjs";
export const init = 0;
export const step = (x: number) => x + add(1, 2);`,
  },
  graphology: {
    version: "0.25.4",
    module: `import Graph from "graphology";
export const init = 0;
export const step = (x: number) => { const g = new Graph(); g.addNode("a"); g.addNode("b"); g.addEdge("a", "b"); return x + g.degree("a"); };`,
    warns: /builds for browsers .*graphology.*node:events[^]*2000-01-01/,
  },
  planck: {
    version: "1.0.6",
    module: `import { Circle, World } from "planck";
export const init = 0;
export const step = (x: number) => {
  const w = new World({ gravity: { x: 0, y: -10 } });
  const b = w.createDynamicBody({ x: 0, y: 10 });
  b.createFixture(new Circle(1));
  w.step(1 / 60);
  return x + b.getPosition().y;
};`,
  },
  bitecs: {
    version: "0.3.40",
    module: `import { addEntity, createWorld } from "bitecs";
const w = createWorld();
addEntity(w);
export const init = 0;
export const step = (x: number) => x + 1;`,
  },
  "matter-js": {
    version: "0.20.0",
    module: `import Matter from "matter-js";
export const init = 0;
export const step = (x: number) => {
  const e = Matter.Engine.create();
  Matter.Composite.add(e.world, Matter.Bodies.circle(0, 0, 1));
  Matter.Engine.update(e, 16);
  return x + e.world.bodies[0].position.y;
};`,
    options: ["--shim", "clock,random"],
  },
};

// Packages come from the registry.
Deno.test({
  name: "packages as they are published record and verify",
  ignore: Deno.env.get("REWIND_SLOW") !== "1",
  async fn() {
    await using folder = new TempFolder();
    const cwd = folder.path;
    const specifiers = Object.entries(CASES).map(([name, { version }]) => `${name}@${version}`);
    const { success } = await new Deno.Command("npm", {
      args: ["install", "--silent", ...specifiers],
      cwd,
      stdout: "null",
    }).output();
    assertEquals(success, true);
    for (const [name, { module, options = [], warns = /(?:)/ }] of Object.entries(CASES)) {
      folder.write(`${name}.ts`, module);
      const recorded = await runVerbIn(folder.path, [
        "record",
        `${name}.ts`,
        "--steps",
        "100",
        "--seed",
        "1",
        "-o",
        `${name}.replay`,
        ...options,
      ]);
      assertEquals(recorded.code, 0, recorded.stderr);
      assertMatch(recorded.stdout, /^recorded 100 steps/);
      assertMatch(recorded.stderr, warns);
      assertEquals((await runVerbIn(folder.path, ["verify", `${name}.replay`])).code, 0, name);
    }
    const bare = await runVerbIn(folder.path, [
      "record",
      "matter-js.ts",
      "--steps",
      "9",
      "--seed",
      "1",
      "-o",
      "bare.replay",
    ]);
    assertEquals(bare.code, 1);
    assertMatch(bare.stderr, /called Date\.now\(\) at t=1: .*--shim clock/);
  },
});

Deno.test("record --shim: named in the file, and misspelled names are refused", async () => {
  await using folder = new TempFolder();
  folder.write(
    "shimmed.ts",
    "export const init = [0, 0];\nexport const step = () => [Date.now(), Math.random()];\n",
  );
  const record = (...more: string[]) =>
    runVerbIn(folder.path, [
      "record",
      "shimmed.ts",
      "--steps",
      "9",
      "--seed",
      "1",
      "-o",
      "shimmed.replay",
      "--force",
      ...more,
    ]);
  const recorded = await record("--shim", "clock=0.5", "--shim", "random");
  assertEquals([recorded.code, recorded.stderr], [0, ""]);
  const [info, last, verified] = await Promise.all([
    runVerbIn(folder.path, ["info", "shimmed.replay"]),
    runVerbIn(folder.path, ["get", "shimmed.replay", "-1"]),
    runVerbIn(folder.path, ["verify", "shimmed.replay"]),
  ]);
  assertMatch(info.stdout, /\nshims +clock \(0\.5 ms per step from 2000-01-01T.*\), random\n/);
  assertMatch(last.stdout, /^\[946684800003, 0\.\d+\]\n$/);
  assertEquals(verified.code, 0);
  for (
    const [given, message] of [["clok", /did you mean 'clock'/], ["clock=-1", /at least 0/], [
      "clock=x",
      /at least 0/,
    ]] as const
  ) {
    const { code, stderr } = await record("--shim", given);
    assertEquals(code, 2);
    assertMatch(stderr, message);
  }
  const none = await record();
  assertMatch(
    none.stderr,
    /called Date\.now\(\) at t=1: .*for a library that does so record with --shim clock/,
  );
});
