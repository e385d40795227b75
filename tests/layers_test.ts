import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { type Module, moduleOf, reach, readModules, ROOT } from "./import_graph.ts";
import {
  againstTheFlow,
  circles,
  ORDER,
  platformUses,
  privateImports,
  roomOf,
  staleExceptions,
  throughWalls,
  tooLong,
  unknownRooms,
} from "./layer_rules.ts";

/** Where processes may be started. */
const SPAWNERS = [
  "src/sandbox/host/debugged_step.ts",
  "src/sandbox/host/spawn_child.ts",
  "src/sandbox/recorder/bundle_module.ts",
  "src/sandbox/recorder/check_bundle.ts",
  "src/training/command/child_process.ts",
  "src/training/command/orphan_guard.ts",
  "src/training/command/git_worktree.ts",
];

const MODULES = await readModules("src");

/** A rule, what it says, and graphs that break it: an alarm that cannot ring is none. */
interface Rule {
  readonly name: string;
  readonly broken: (modules: readonly Module[]) => string[];
  readonly canaries: readonly Readonly<Record<string, string>>[];
}

const RULES: readonly Rule[] = [
  {
    name: "every room imports only from its left",
    broken: againstTheFlow,
    canaries: [
      { "src/codec/a.ts": 'import { b } from "../engine/b.ts";' },
      { "src/engine/a.ts": 'export * from "../cli/b.ts";' },
      { "src/training/verbs/a.ts": 'import "../../engine/run.ts";' },
      { "src/view/a.ts": 'const b = await import("../training/log/b.ts");' },
      { "src/text/a.ts": 'import type { B } from "../codec/b.ts";' },
    ],
  },
  {
    name:
      "rooms inside rooms import only what they may: the host and the child share the wire alone",
    broken: throughWalls,
    canaries: [
      { "src/sandbox/host/a.ts": 'import { b } from "../child/b.ts";' },
      { "src/sandbox/host/a.ts": 'import { b } from "../realm/b.ts";' },
      { "src/sandbox/realm/a.ts": 'import { b } from "../child/b.ts";' },
      { "src/sandbox/realm/a.ts": 'import { b } from "../host/b.ts";' },
      { "src/sandbox/child/a.ts": 'import { b } from "../host/b.ts";' },
      { "src/sandbox/wire/a.ts": 'import type { B } from "../realm/b.ts";' },
      { "src/cli/verify.ts": 'import { b } from "../sandbox/child/b.ts";' },
      { "src/view/a.ts": 'import { b } from "../sandbox/realm/b.ts";' },
      { "src/training/log/formats/a.ts": 'import { b } from "../../verbs/b.ts";' },
      { "src/training/compare/a.ts": 'import { b } from "../findings/b.ts";' },
    ],
  },
  {
    name: "every folder of such a room is a room that the rules know",
    broken: unknownRooms,
    canaries: [{ "src/sandbox/attic/a.ts": "" }, { "src/training/misc/a.ts": "" }],
  },
  {
    name: "no files load each other in a circle",
    broken: circles,
    canaries: [
      {
        "src/codec/a.ts": 'import { b } from "./b.ts";',
        "src/codec/b.ts": 'export { c } from "./c.ts";',
        "src/codec/c.ts": 'import type { A } from "./a.ts";',
      },
      { "src/codec/a.ts": 'import { a } from "./a.ts";' },
    ],
  },
  {
    name: "no file has more than 400 lines",
    broken: tooLong,
    canaries: [{ "src/codec/a.ts": "\n".repeat(401) }],
  },
  {
    name: "no _private file is imported from another room",
    broken: privateImports,
    canaries: [{ "src/rng/a.ts": 'import { b } from "../math/_b.ts";' }],
  },
  {
    name: "the realm and the wire name no interface of a platform",
    broken: platformUses,
    canaries: [
      { "src/sandbox/realm/a.ts": "Deno.exit();" },
      { "src/sandbox/realm/a.ts": "console.log(1);" },
      { "src/sandbox/realm/a.ts": "setTimeout(() => {}, 1);" },
      { "src/sandbox/realm/a.ts": "const now = performance.now();" },
      { "src/sandbox/wire/a.ts": 'import { b } from "node:vm";' },
      { "src/sandbox/wire/a.ts": "new TextEncoder();" },
    ],
  },
];

for (const { name, broken, canaries } of RULES) {
  Deno.test(`${name}`, () => assertEquals(broken(MODULES), []));

  Deno.test(`${name}: the rule finds what breaks it`, () => {
    for (const canary of canaries) {
      const modules = Object.entries(canary).map(([path, text]) => moduleOf(path, text));
      assertNotEquals(broken(modules), [], Object.values(canary).join("\n"));
    }
  });
}

Deno.test("the import graph is read, and all its rooms are known", () => {
  assert(MODULES.length > 100, "the import graph was not read");
  assertEquals(
    [...new Set(MODULES.map(({ path }) => roomOf(path)))].filter((room) =>
      room !== "training" && !ORDER.includes(room)
    ),
    [],
  );
});

Deno.test("exceptions to the rules are needed: what is mended leaves its list", () => {
  assertEquals(staleExceptions(MODULES), []);
});

Deno.test("the sandbox's child reaches neither its host, files, cli, view nor training", () => {
  for (const entry of ["child/bootstrap.ts", "realm/run_realm.ts", "realm/jobs.ts"]) {
    for (const path of reach(MODULES, `src/sandbox/${entry}`)) {
      assert(
        !/^src\/(cli|view|training)\/|^src\/sandbox\/host\/|^src\/artifact\/file\.ts|^src\/disk\//
          .test(path),
        `src/sandbox/${entry} reaches ${path}`,
      );
    }
  }
});

Deno.test("no module under src imports the public faces, tests or examples", () => {
  for (const { path, imports, foreign } of MODULES) {
    for (const target of imports) {
      assert(target.startsWith("src/"), `${path} imports ${target}`);
    }
    assert(!foreign.includes("@std/assert"), `${path} imports @std/assert`);
    assert(!foreign.some((name) => name.startsWith("@rewind/cli")), `${path} imports @rewind/cli`);
  }
});

Deno.test("math, codec, rng and engine know no file, clock, network, entropy or runtime", () => {
  const banned = /\bDeno\.|\bMath\.random\b|\bDate\.now\b|\bperformance\.|\bfetch\(|\bprocess\./;
  for (const { path, text, foreign } of MODULES) {
    if (!/^src\/(math|codec|rng|engine)\//.test(path)) continue;
    assertEquals(foreign.filter((name) => name.startsWith("node:")), [], path);
    // A message to the user may name what it warns of.
    const code = text.replace(/`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"/g, '""').replace(
      /\/\/.*/g,
      "",
    );
    assertEquals(banned.exec(code)?.[0], undefined, path);
  }
});

Deno.test("encode_artifact, decode_artifact and peer call no step", () => {
  for (const { path, imports } of MODULES) {
    if (!/^src\/artifact\/(peer\/|encode_artifact|decode_artifact)/.test(path)) continue;
    for (const target of imports.filter((name) => name.startsWith("src/engine/"))) {
      assert(
        /\/(types|run_bounds|block_grid|record_defaults)\.ts$/.test(target),
        `${path} imports ${target}`,
      );
    }
  }
});

Deno.test("only named files start processes", () => {
  for (const { path, text, foreign } of MODULES) {
    const spawns = /\bDeno\.Command\b/.test(text) ||
      foreign.includes("node:child_process");
    assert(!spawns || SPAWNERS.includes(path), `${path} starts processes`);
  }
});

Deno.test("the library loads without touching Deno", async () => {
  for (const path of reach(MODULES, "src/artifact/load.ts")) {
    const { text } = moduleOf(path, await Deno.readTextFile(ROOT + path));
    // Only inside functions: a line at the top level starts in column 0.
    const top = text.split("\n").filter((line) => /^\S/.test(line) && /\bDeno\./.test(line));
    assertEquals(top, [], path);
  }
});
