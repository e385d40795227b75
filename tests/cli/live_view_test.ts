import { assert, assertEquals, assertMatch } from "@std/assert";
import { artifactOf, WALK } from "./fixtures.ts";
import { runCli, TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

const FOLDER = new TempFolder();
const cwd = FOLDER.path;
const BYTES = artifactOf(WALK);
FOLDER.write("walk.replay", BYTES);
FOLDER.write("bare.replay", artifactOf(WALK, { source: undefined }));
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

Deno.test("view carries the run as it is, in a page of at most 400 kB besides, and runs nothing", async () => {
  const permissions = ["--allow-read=walk.replay"];
  const { code, stdout, stderr } = await runCli(["view", "walk.replay", "-o", "-"], {
    cwd,
    permissions,
  });
  assertEquals([code, stderr], [0, ""]);
  const packed = /id="artifact">([^<]+)</.exec(stdout)![1]!;
  assertEquals(Uint8Array.from(atob(packed), (unit) => unit.charCodeAt(0)), BYTES);
  assert(stdout.length - packed.length < 400_000, `${stdout.length}`);
  assertMatch(stdout, /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
});

Deno.test("view --empty is a page without a run; what makes no page is refused", async () => {
  const run = (...args: string[]) => runCli(["view", ...args], { cwd });
  const [empty, both, none, bare] = await Promise.all([
    run("--empty", "-o", "rewind.html"),
    run("--empty", "walk.replay"),
    run(),
    run("bare.replay"),
  ]);
  assertMatch(empty.stdout, /^wrote rewind\.html: a page for any \.replay file/);
  assert(!(await Deno.readTextFile(FOLDER.file("rewind.html"))).includes('id="artifact"'));
  assertMatch(both.stderr, /Invalid option --empty with a run/);
  assertMatch(none.stderr, /--empty writes a page without a run/);
  assertMatch(bare.stderr, /carries no step source\nhint: pass the step module with --step FILE/);
  assertEquals([empty, both, none, bare].map(({ code }) => code), [0, 2, 2, 2]);
});

Deno.test("view refuses an observable that the module does not have", async () => {
  const words = ["view", FOLDER.file("walk.replay"), "-o", FOLDER.file("odd.html"), "--observe"];
  const { code, notes } = await runVerb([...words, "positoin"]);
  assertEquals(code, 2);
  assertMatch(notes, /^error: Cannot find an observable 'positoin' in the step module/);
  assertEquals((await runVerb([...words, "s => s"])).code, 0);
});
