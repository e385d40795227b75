import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  goldenAnnotations,
  goldenJunit,
  goldenMarkdown,
  type GoldenResult,
} from "../../src/cli/golden_report.ts";
import { artifactOf, DECAY, DECAY_SOURCE, WALK, WALK_SOURCE } from "./fixtures.ts";
import { TempFolder } from "./run_cli.ts";
import { ModuleFinder } from "../../src/cli/golden_files.ts";
import { InputError } from "../../src/cli/usage_error.ts";
import { runVerb } from "./run_verb.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));
Deno.mkdirSync(FOLDER.file("golden"));
Deno.mkdirSync(FOLDER.file("src"));
for (const name of ["a", "b"]) Deno.mkdirSync(FOLDER.file(`two/${name}`), { recursive: true });
FOLDER.write("golden/walk.replay", artifactOf(WALK));
FOLDER.write("golden/decay.replay", artifactOf(DECAY));
FOLDER.write("src/walk.js", WALK_SOURCE);
FOLDER.write("src/decay.js", DECAY_SOURCE);

const test = (...more: string[]) =>
  runVerb(["test", FOLDER.file("golden"), "--module", FOLDER.file("src"), ...more]);

Deno.test("test passes with the modules of the files, fails with the divergence, and records anew", async () => {
  const good = await test();
  assertEquals(good.code, 0, good.stderr);
  assertMatch(
    good.stdout,
    /^ok \S+decay\.replay \(100 states\)\nok \S+walk\.replay \(1,000 states\)\n2 passed/,
  );
  FOLDER.write("src/walk.js", WALK_SOURCE.replace("0.5", "0.503"));
  const junit = FOLDER.file("junit.xml");
  const bad = await test(
    "--json",
    "--annotate",
    "--junit",
    junit,
    "--summary",
    FOLDER.file("summary.md"),
  );
  assertEquals(bad.code, 1);
  const { passed, failed, runs } = JSON.parse(bad.stdout);
  assertEquals([passed, failed], [1, 1]);
  const { status, divergence, reason } = runs[1];
  assertEquals([status, divergence.kind, divergence.path], ["failed", "value", "state"]);
  assertStringIncludes(reason, `t = ${divergence.t}: another value: state is `);
  assertMatch(bad.stderr, /^::error file=\S+walk\.js,title=rewind test%3A \S+walk\.replay::t = /);
  const xml = await Deno.readTextFile(junit);
  assertStringIncludes(
    xml,
    '<testsuite name="rewind test" id="0" package="rewind" tests="2" failures="1" errors="0" skipped="0"',
  );
  assertStringIncludes(await Deno.readTextFile(FOLDER.file("summary.md")), "1 of 2 runs failed");
  const changed = await test("--changed");
  assertMatch(
    changed.stdout,
    /^skipped \S+decay\.replay\nFAILED \S+walk\.replay\n {2}differ from t = /,
  );
  const update = await test("--update");
  assertEquals(update.code, 0, update.stdout);
  assertMatch(
    update.stdout,
    /updated \S+walk\.replay\n {2}differ from t = [\s\S]*1 passed, 1 updated/,
  );
  assertEquals((await test()).code, 0);
  const source = Deno.readTextFileSync(FOLDER.file("src/walk.js"));
  FOLDER.write("src/walk.js", source.replace("(x) => x }", "(x) => -x }"));
  const observed = await test("--changed");
  assertEquals(observed.code, 1);
  assertStringIncludes(
    observed.stdout,
    "all states are equal, but observe.position gives other statistics than were recorded",
  );
  FOLDER.write("src/walk.js", source);
});

Deno.test("test says which runs it could not test, and that there are none", async () => {
  const lost = await runVerb(["test", FOLDER.file("golden/decay.replay")]);
  assertEquals(lost.code, 2);
  assertStringIncludes(lost.stdout, "Cannot find 'decay.js', the module of");
  FOLDER.write("golden/broken.replay", new Uint8Array(10));
  const broken = await test("--json");
  assertEquals(broken.code, 2);
  assertEquals(JSON.parse(broken.stdout).errors, 1);
  await Deno.remove(FOLDER.file("golden/broken.replay"));
  assertEquals((await runVerb(["test", FOLDER.file("src")])).code, 3);
  assertEquals((await runVerb(["test", FOLDER.file("nowhere")])).code, 2);
});

Deno.test("test takes of two modules of one name the one in the file, and none where neither is", async () => {
  const run = FOLDER.write("two/walk.replay", artifactOf(WALK));
  FOLDER.write("two/a/walk.js", WALK_SOURCE.replace("0.5", "0.51"));
  FOLDER.write("two/b/walk.js", WALK_SOURCE);
  const two = () => runVerb(["test", run, "--module", FOLDER.file("two")]);
  assertEquals((await two()).code, 0);
  FOLDER.write("two/b/walk.js", WALK_SOURCE.replace("0.5", "0.49"));
  const unknown = await two();
  assertEquals(unknown.code, 2);
  assertMatch(
    unknown.stdout,
    /Cannot tell which module .*a\/walk\.js, .*b\/walk\.js have its name/,
  );
});

Deno.test("reports keep hostile names and messages in their place", () => {
  const hostile = 'a"><x>\n::error::&\u202e|`--> ]]> %0A,:\x1b[2J';
  const result: GoldenResult = {
    file: hostile,
    module: hostile,
    steps: 1,
    verdict: undefined,
    error: hostile,
    isUpdated: false,
    seconds: 1,
  };
  const xml = goldenJunit([result], new Date(0));
  // What the schemas of Ant, Jenkins and JUnit 5 demand and allow.
  assertMatch(
    xml,
    /\n<testsuites>\n {2}<testsuite name="rewind test" id="0" package="rewind" tests="1" failures="0" errors="1" skipped="0" time="1\.000" timestamp="1970-01-01T00:00:00" hostname="localhost">\n {4}<properties\/>\n/,
  );
  assertMatch(
    xml,
    /<\/testcase>\n {4}<system-out\/>\n {4}<system-err\/>\n {2}<\/testsuite>\n<\/testsuites>\n$/,
  );
  const attributes = [...xml.matchAll(/ (?:name|classname|message)="([^"]*)"/g)].map(([, text]) =>
    text!
  );
  assert(attributes.length >= 4);
  for (const text of attributes) {
    assert(!["<", ">", "\u202e", "\x1b"].some((part) => text.includes(part)), text);
  }
  assertEquals(xml.match(/<error /g)?.length, 1);
  assertEquals(xml.match(/<x>/), null);
  const [line] = goldenAnnotations([result]);
  assertEquals(line!.split("\n").length, 1);
  assertMatch(line!, /^::error file=[^,:]*,title=[^,:]*::/);
  const rows = goldenMarkdown([result]).split("\n").filter((row) => row.startsWith("|"));
  assertEquals(rows.length, 3);
  assertEquals(rows[2]!.replaceAll("\\|", "").split("|").length, 5);
});

Deno.test("a module that nobody names is looked for below the working directory too", async () => {
  const finder = new ModuleFinder([]);
  const modules = await finder.modulesOf("/nowhere/run.replay", "sir_inversion.ts");
  assertEquals([modules, [...finder.guesses]], [
    ["examples/sir_inversion.ts"],
    ["examples/sir_inversion.ts"],
  ]);
  // One of several may be an old copy.
  await assertRejects(
    () => finder.modulesOf("/nowhere/run.replay", "limits.ts"),
    InputError,
    "Cannot tell which is the module of '/nowhere/run.replay': src/artifact/limits.ts, ",
  );
});
