import { assertEquals, assertMatch } from "@std/assert";
import { TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

Deno.test("record names what the module hides where the first blocks do not replay", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "hidden.ts",
    `let id = 0;
export const init = { list: [] as number[] };
export function step(s: { list: number[] }) {
  id++;
  return { list: [...s.list.slice(-3), id] };
}
`,
  );
  const words = ["--steps", "1000", "--seed", "1", "-o", folder.file("run.replay")];
  const { code, stderr } = await runVerb(["record", module, ...words]);
  assertEquals(code, 1);
  // How far the guard looked before it told depends on the time that it has.
  assertMatch(
    stderr,
    /^error: Cannot certify the run: a replay of block 0 leads to another state \d+: step assigns `id` \(hidden\.ts:4:3\)\nhint: draw all randomness from rng, and nothing from variables outside the step\n$/,
  );
  assertEquals(folder.names(), ["hidden.ts"]);
});
