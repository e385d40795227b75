import { assertEquals, assertMatch } from "@std/assert";
import { openRecorder } from "../../src/artifact/open_recorder.ts";
import { runCli, TempFolder } from "./run_cli.ts";

const FOLDER = new TempFolder();
const cwd = FOLDER.path;
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

Deno.test("verbs read an unfinished artifact like any other, and info says how it stands", async () => {
  const source = "export const init = 0; export const step = (x) => x + 2;";
  const step = (x: number): number => x + 2;
  const options = { init: 0, seed: 1, blockSize: 10, steps: 500, source };
  const recorder = await openRecorder(step, { ...options, path: FOLDER.file("run.replay") });
  recorder.advanceTo(123);
  recorder.leave();
  const verbs = [
    ["info", "run.replay.part"],
    ["get", "run.replay.part", "-1"],
    ["verify", "run.replay.part"],
    ["find", "run.replay.part", "--where", "x => x === 200"],
  ];
  const [info, get, verify, find] = await Promise.all(verbs.map((args) => runCli(args, { cwd })));
  assertEquals([info!.code, get!.code, verify!.code, find!.code], [0, 0, 0, 0]);
  assertMatch(info!.stdout, /\nsteps +124\n/);
  assertMatch(
    info!.stdout,
    /\nunfinished +what is durable so far of 500 steps planned; resuming makes 3 states again\n/,
  );
  assertEquals(get!.stdout.trim(), "246");
  assertMatch(find!.stdout, /\b100\b/);
});

Deno.test("a recording that was killed while it got its name is finished, and what it left goes", async () => {
  FOLDER.write("two.js", "export const init = 0; export const step = (x) => x + 2;");
  const words = ["record", "two.js", "--steps", "500", "--seed", "1", "-o", "two.replay"];
  const again = [[...words, "--resume"], ["resume", "two.replay.part"]];
  const step = (x: number): number => x + 2;
  const path = FOLDER.file("two.replay");
  const part = `${path}.part`;
  assertEquals((await runCli(words, { cwd })).code, 0);
  for (const args of again) {
    // The tail of any recording: that it lies there is what counts.
    const recorder = await openRecorder(step, { init: 0, seed: 1, path: FOLDER.file("a.replay") });
    recorder.advanceTo(9);
    recorder.leave();
    await Deno.rename(FOLDER.file("a.replay.part.tail"), `${part}.tail`);
    await Deno.remove(FOLDER.file("a.replay.part"));
    await Deno.link(path, part);
    const { code, stderr } = await runCli(args, { cwd });
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /two\.replay is finished: nothing is left to do\n/);
    assertEquals(FOLDER.names().filter((name) => name.startsWith("two.replay")), ["two.replay"]);
  }
});
