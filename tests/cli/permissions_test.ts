import { assertEquals, assertMatch } from "@std/assert";
import { artifactOf, WALK, WALK_SOURCE } from "./fixtures.ts";
import { runCli, TempFolder } from "./run_cli.ts";

const FOLDER = new TempFolder();
const cwd = FOLDER.path;
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));
FOLDER.write("walk.replay", artifactOf(WALK));
FOLDER.write("walk.js", WALK_SOURCE);

const RUN = `--allow-run=${Deno.execPath()}`;

Deno.test("verbs that replay can do with the file and the right to start the sandbox", async () => {
  const permissions = ["--allow-read=walk.replay", RUN];
  const verbs = [
    ["get", "walk.replay", "137"],
    ["verify", "walk.replay"],
    ["stats", "walk.replay"],
    ["find", "walk.replay", "--where", "x => x > 5"],
    ["trace", "walk.replay", "5"],
    ["export", "walk.replay", "--every", "500"],
    ["view", "walk.replay", "-o", "-"],
  ];
  const results = await Promise.all(verbs.map((args) => runCli(args, { cwd, permissions })));
  results.forEach(({ code, stderr }, i) => {
    assertEquals([code, /permission|access|allow-/.test(stderr)], [0, false], verbs[i]!.join(" "));
  });
});

Deno.test("verbs that run no step can do without the right to start a process", async () => {
  const cases: [string[], string[]][] = [
    [["--help"], []],
    [["verify", "--help"], []],
    [["--version"], []],
    [["completions", "bash"], []],
    [["info", "walk.replay"], ["--allow-read=walk.replay"]],
    [["info", "walk.replay", "--source"], ["--allow-read=walk.replay"]],
    [["get", "walk.replay", "0"], ["--allow-read=walk.replay"]],
    [["log"], ["--allow-read=."]],
  ];
  const results = await Promise.all(
    cases.map(([args, permissions]) => runCli(args, { cwd, permissions })),
  );
  results.forEach(({ code, stderr }, i) => {
    assertEquals([code, stderr], [0, ""], cases[i]![0].join(" "));
  });
});

Deno.test("a missing permission is named with its flag, in one line", async () => {
  const read = "--allow-read";
  const record = ["record", "walk.js", "--steps", "9", "--seed", "1", "-o", "new.replay"];
  const cases: [string[], string[], RegExp][] = [
    [["get", "walk.replay", "5"], [], /read access to "walk\.replay"\nhint: .*--allow-read$/],
    [["get", "walk.replay", "5"], [read], /may not run processes\nhint: .*--allow-run=\S+$/],
    [["verify", "walk.replay"], [read], /may not run processes\nhint: .*--allow-run=\S+$/],
    [["info", "walk.replay"], [], /read access to "walk\.replay"\nhint: .*--allow-read$/],
    [["log"], [], /read access to "\."\nhint: .*--allow-read$/],
    [record, ["--allow-write"], /read access to .*\nhint: .*--allow-read$/],
    [record, [read, RUN], /write access to "new\.replay.*\nhint: .*--allow-write$/],
    [record, [read, "--allow-write"], /may not run processes\nhint: .*--allow-run=\S+$/],
  ];
  const results = await Promise.all(
    cases.map(([args, permissions]) => runCli(args, { cwd, permissions })),
  );
  results.forEach(({ code, stdout, stderr }, i) => {
    const [args, , message] = cases[i]!;
    assertEquals([code, stdout], [2, ""], args.join(" "));
    assertMatch(stderr, /^error: [^\n]+\nhint: [^\n]+\n$/);
    assertMatch(stderr.trimEnd(), message);
  });
  assertEquals(FOLDER.names(), ["walk.js", "walk.replay"]);
});
