import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url).pathname;

/** Rooms from left to right: each imports only from its left. */
const ORDER = ["leaf", "codec", "rng", "engine", "artifact", "sandbox", "view", "cli"];

/** Rooms of leaves: what both stems may import, and what imports nothing but leaves. */
const LEAF_ROOMS = ["bytes", "math", "page", "text"];

/** The one file of the first stem, besides leaves, that `training` may import. */
const SHARED_WITH_TRAINING = ["src/engine/search.ts"];

/** Where processes may be started. */
const SPAWNERS = [
  "src/sandbox/host/host.ts",
  "src/sandbox/host/bundle_step.ts",
  "src/training/command/child_process.ts",
  "src/training/command/replay_command.ts",
  "src/training/command/git_worktree.ts",
];

/** Rooms inside `training`, each with those of them that it may import; its `mod.ts` is their face. */
const TRAINING_ROOMS: Readonly<Record<string, readonly string[]>> = {
  log: [],
  statistics: [],
  command: ["log"],
  compare: ["log"],
  findings: ["log", "statistics", "command", "compare"],
  files: ["log", "statistics", "compare", "findings"],
  report: ["log", "statistics", "compare", "findings"],
  verbs: ["log", "statistics", "command", "compare", "findings", "files", "report"],
};

interface Module {
  readonly path: string;
  readonly text: string;
  /** Paths of the modules of this project that it imports. */
  readonly imports: readonly string[];
  /** Bare and scheme specifiers that it imports. */
  readonly foreign: readonly string[];
}

async function readModules(folder: string): Promise<Module[]> {
  const modules: Module[] = [];
  for await (const entry of Deno.readDir(`${ROOT}${folder}`)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) modules.push(...await readModules(path));
    else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".generated.ts")) {
      modules.push(await readModule(path));
    }
  }
  return modules;
}

async function readModule(path: string): Promise<Module> {
  const text = await Deno.readTextFile(ROOT + path);
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
  const specifiers = [...code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"([^"]+)"/g)].map((m) =>
    m[1]!
  );
  return {
    path,
    text: code,
    imports: specifiers.filter((name) => name.startsWith(".")).map((name) =>
      new URL(name, `file:///${path}`).pathname.slice(1)
    ),
    foreign: specifiers.filter((name) => !name.startsWith(".")),
  };
}

function roomOf(path: string): string {
  const [, room, file] = path.split("/");
  return file === undefined || LEAF_ROOMS.includes(room!) ? "leaf" : room!;
}

const MODULES = await readModules("src");

Deno.test("every room imports only from its left", () => {
  const wrong: string[] = [];
  for (const { path, imports } of MODULES) {
    const room = roomOf(path);
    for (const target of imports) {
      const to = roomOf(target);
      if (room === to) continue;
      const allowed = room === "training"
        ? to === "leaf" || SHARED_WITH_TRAINING.includes(target)
        : to === "training"
        ? room === "cli"
        : ORDER.indexOf(to) < ORDER.indexOf(room);
      if (!allowed) wrong.push(`${path} imports ${target}`);
    }
  }
  assertEquals(wrong, []);
  assert(MODULES.length > 100, "the import graph was not read");
  assertEquals(
    [...new Set(MODULES.map(({ path }) => roomOf(path)))].filter((room) =>
      room !== "training" && !ORDER.includes(room)
    ),
    [],
  );
});

Deno.test("every room inside training imports only from its left", () => {
  const wrong: string[] = [];
  const seen = new Set<string>();
  for (const { path, imports } of MODULES) {
    const [, stem, room, file] = path.split("/");
    if (stem !== "training" || file === undefined) continue;
    seen.add(room!);
    for (const target of imports) {
      const to = target.split("/");
      if (to[1] !== "training" || to[2] === room) continue;
      if (!TRAINING_ROOMS[room!]?.includes(to[2]!)) wrong.push(`${path} imports ${target}`);
    }
  }
  assertEquals(wrong, []);
  assertEquals([...seen].sort(), Object.keys(TRAINING_ROOMS).sort());
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
      assert(/\/(types|blocks)\.ts$/.test(target), `${path} imports ${target}`);
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

/** All modules that a module reaches. */
function reach(path: string): Set<string> {
  const seen = new Set<string>();
  const visit = (current: string): void => {
    if (seen.has(current)) return;
    seen.add(current);
    MODULES.find((module) => module.path === current)?.imports.forEach(visit);
  };
  visit(path);
  return seen;
}

Deno.test("the sandbox's child reaches neither its host, files, cli, view nor training", () => {
  for (const path of reach("src/sandbox/child/child.ts")) {
    assert(
      !/^src\/(cli|view|training)\/|^src\/sandbox\/host\/|^src\/artifact\/file\.ts/.test(path),
      `src/sandbox/child/child.ts reaches ${path}`,
    );
  }
});

Deno.test("the library loads without touching Deno", async () => {
  for (const path of reach("src/artifact/load.ts")) {
    const { text } = await readModule(path);
    // Only inside functions: a line at the top level starts in column 0.
    const top = text.split("\n").filter((line) => /^\S/.test(line) && /\bDeno\./.test(line));
    assertEquals(top, [], path);
  }
});
