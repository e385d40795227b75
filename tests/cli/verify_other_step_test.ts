import { assertEquals, assertStringIncludes } from "@std/assert";
import { TempFolder } from "./run_cli.ts";
import { runVerb, runVerbIn } from "./run_verb.ts";

const FOLDER = new TempFolder();
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

/** A spike within each block, of a height that no checkpoint shows. */
const spike = (height: number) =>
  `export const init = { t: 0, x: 0 };
export const step = ({ t }) => ({ t: t + 1, x: (t + 1) % 10 === 5 ? ${height} : 0 });
export const observe = { x: (s) => s.x };
`;
FOLDER.write("low.js", spike(1));
FOLDER.write("high.js", spike(2));

Deno.test("a step that only meets the recorded checkpoints does not verify, and is told apart", async () => {
  const words = [
    "--steps",
    "101",
    "--seed",
    "1",
    "--block-size",
    "10",
    "-o",
    "low.replay",
    "--no-source",
  ];
  await runVerbIn(FOLDER.path, ["record", "low.js", ...words]);
  const [same, other, get] = await Promise.all([
    runVerbIn(FOLDER.path, ["verify", "low.replay", "--step", "low.js"]),
    runVerbIn(FOLDER.path, ["verify", "low.replay", "--step", "high.js"]),
    runVerbIn(FOLDER.path, ["get", "low.replay", "5", "--step", "high.js"]),
  ]);
  assertEquals([same.code, same.stderr.includes("not the step")], [0, false]);
  assertEquals(other.code, 1);
  assertStringIncludes(other.stderr, "high.js is not the step that was recorded");
  assertStringIncludes(other.stdout, "observe.x gives other statistics than were recorded");
  assertEquals([get.code, get.stderr.includes("high.js is not the step that was recorded")], [
    0,
    true,
  ]);
});

Deno.test("a step that only meets the recorded checkpoints does not verify where the file has the recorded one", async () => {
  const file = FOLDER.file("own.replay");
  const steps = ["--steps", "101", "--seed", "1", "--block-size", "10"];
  await runVerb(["record", FOLDER.file("low.js"), ...steps, "-o", file]);
  const other = await runVerb(["verify", file, "--step", FOLDER.file("high.js")]);
  assertEquals(other.code, 1);
  assertStringIncludes(other.stdout, "gives every recorded state, but not those between them");
  assertStringIncludes(other.stdout, "differ from t = 5 on: another value");
  // Parameters are the recorded ones.
  FOLDER.write("params.js", `${spike(1)}export const params = { k: 2 };\n`);
  const same = await runVerb(["verify", file, "--step", FOLDER.file("params.js")]);
  assertEquals(same.code, 0, same.stdout);
});
