import { assertEquals, assertStringIncludes } from "@std/assert";
import { EXAMPLES, TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

Deno.test("sweep --pages writes a live page for each hit, to which the campaign's page leads", async () => {
  await using folder = new TempFolder();
  const campaign = folder.file("c");
  const words = ["sweep", `${EXAMPLES}walk.ts`, "--steps", "50", "--seeds", "0..5", "-o", campaign];
  const where = ["--where", "x => x > 6", "--jobs", "1"];
  const refused = await runVerb([...words, ...where, "--pages"]);
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, "Missing option --keep hits");
  const { code, stderr } = await runVerb([...words, ...where, "--keep", "hits", "--pages"]);
  assertEquals(code, 0, stderr);
  const names = Array.from(Deno.readDirSync(`${campaign}/trials`), ({ name }) => name).sort();
  const trials = names.filter((name) => name.endsWith(".replay"))
    .map((name) => name.replace(".replay", ""));
  assertEquals(names, trials.flatMap((trial) => [`${trial}.html`, `${trial}.replay`]));
  assertStringIncludes(stderr, `${trials.length} live page`);
  const page = await Deno.readTextFile(`${campaign}/campaign.html`);
  const links = [...page.matchAll(/href="(trials\/\d+\.html)"/g)].map(([, href]) => href);
  assertEquals(links.toSorted(), trials.map((trial) => `trials/${trial}.html`));
  // A page elsewhere leads to none of them.
  const other = folder.file("other.html");
  await runVerb(["view", campaign, "-o", other]);
  assertEquals((await Deno.readTextFile(other)).includes('href="trials/'), false);
});
