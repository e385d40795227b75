import { assertEquals, assertStringIncludes } from "@std/assert";
import { TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

const MODULE = FOLDER.write(
  "walk.js",
  `export const init = { x: 0, infected: 1 };
export const step = (s, rng) => ({ ...s, x: s.x + (rng.random() < 0.5 ? 1 : -1) });`,
);

/** What a sweep notes besides where its results are. */
async function notesOf(name: string, ...options: string[]): Promise<string[]> {
  const words = ["sweep", MODULE, "--steps", "20", "--seeds", "0..1", "-o", FOLDER.file(name)];
  const { code, stderr } = await runVerb([...words, "--jobs", "1", ...options]);
  assertEquals(code, 0, stderr);
  return stderr.trimEnd().split("\n").filter((line) => !line.startsWith("results: "));
}

Deno.test("a sweep says which names its functions asked for in vain, and nothing where all is well", async () => {
  const odd = await notesOf(
    "odd",
    ...["--where", "s => s.infectd > 3", "--final", "s => s.y", "--until", "s => { s.x > 2 }"],
    ...["--observe", "z=s => s.z + 1"],
  );
  const missing = (name: string) =>
    `note: state.${name} is undefined in every state that was looked at`;
  for (const name of ["infectd", "y", "z"]) assertEquals(odd.includes(missing(name)), true, name);
  assertEquals(odd.includes("hint: did you mean 'infected'?"), true, odd.join("\n"));
  assertEquals(odd.filter((line) => line.includes("without `return`")).length, 1);
  const always = await notesOf("always", "--where", "s => s.infected", "--final", "s => s");
  assertEquals(always.map((line) => line.slice(0, 40)), [
    "note: the event happened at t = 0 in eve",
    "note: --final gave no number in any tria",
  ]);
  const well = ["--where", "s => s.x > 0", "--final", "s => s.x", "--observe", "x=s => s.x"];
  assertEquals(await notesOf("well", ...well), []);
});

Deno.test("why says which name its event asked for in vain", async () => {
  const file = FOLDER.file("walk.replay");
  await runVerb(["record", MODULE, "--steps", "20", "--seed", "1", "-o", file]);
  const words = ["why", file, "--where", "s => s.infectd > 3", "--forks", "100", "--jobs", "1"];
  const { code, stderr } = await runVerb(words);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "note: state.infectd is undefined in every state");
});
