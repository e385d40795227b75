import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXAMPLES, runCli, spawnCli, TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

const ARGUMENTS = [
  ...["sweep", `${EXAMPLES}walk.ts`, "--steps", "2000", "--seeds", "0..149"],
  ...["--where", "x => x > 60", "--final", "x => x", "-o", "campaign"],
];

Deno.test("sweep goes on after kill -9 to the same file, and view shows what is there meanwhile", async () => {
  await using folder = new TempFolder();
  // With the right to know the machine's name, a dead process is seen to be dead at once.
  const options = { cwd: folder.path, permissions: ["-A"] };
  const killed = spawnCli(ARGUMENTS, options);
  const results = folder.file("campaign/results.jsonl");
  const lines = () => {
    try {
      return Deno.readTextFileSync(results).split("\n").length - 1;
    } catch {
      return 0;
    }
  };
  while (lines() < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  killed.kill("SIGKILL");
  await killed.output();
  const before = lines();
  const view = await runCli(["view", "campaign"], options);
  assertEquals([view.code, view.stdout], [0, "wrote campaign/campaign.html\n"]);
  const page = Deno.readTextFileSync(folder.file("campaign/campaign.html"));
  assertStringIncludes(page, `${before} of 150 trials`);

  const whole = await runCli([...ARGUMENTS, "--json"], options);
  assertEquals(whole.code, 0, whole.stderr);
  const summary = JSON.parse(whole.stdout);
  assertEquals([summary.complete, summary.trials, summary.failed], [true, 150, 0]);
  const text = Deno.readTextFileSync(results);
  assertEquals(text.split("\n").length, 151);
  const there = (name: string) => [...ARGUMENTS.slice(0, -1), folder.file(name)];
  const other = await runVerb([...there("other"), "--jobs", "1"]);
  assertEquals(Deno.readTextFileSync(folder.file("other/results.jsonl")), text, other.stderr);
  assertStringIncludes(other.stdout, "150 of 150 trials\n");

  const refused = await runVerb([...there("campaign"), "--until", "x => x > 9"]);
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, "its until was null");
});

Deno.test("sweep tells what is wrong with its options before it makes anything", async () => {
  await using folder = new TempFolder();
  const attempt = async (...options: string[]) => {
    const base = [
      "sweep",
      `${EXAMPLES}sir.ts`,
      "--steps",
      "20",
      "-o",
      folder.file("c"),
      "--seeds",
      "0..3",
    ];
    const { code, stderr } = await runVerb([...base, ...options]);
    assertEquals(code, 2, stderr);
    return stderr;
  };
  assertStringIncludes(await attempt("--param", "contact"), "write NAME=VALUE");
  assertStringIncludes(await attempt("--until-ci", "0.1"), "Missing option --where");
  assertStringIncludes(await attempt("--param", "contct=1,2"), "did you mean 'contact'?");
  const entries = folder.names();
  assert(entries.length <= 1, entries.join());
});
