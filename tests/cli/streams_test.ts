import { assertEquals, assertMatch } from "@std/assert";
import { cliCommand, plainEnvironment, TempFolder } from "./run_cli.ts";
import { encodeArtifact } from "../../src/artifact/encode_artifact.ts";
import { addStretch } from "../../src/artifact/recorded_by.ts";
import { currentWriter } from "../../src/artifact/saved_record.ts";
import { recordRun } from "../../src/engine/record.ts";
import type { RunRecord } from "../../src/engine/types.ts";

const FOLDER = new TempFolder();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));

const SOURCE = "export const init = 0; export const step = (x) => x + 1;";
const GOOD = FOLDER.file("good.replay");
const BAD = FOLDER.file("bad.replay");
const RUN = recordRun((x: number) => x + 1, { init: 0, steps: 3000, seed: 1, source: SOURCE });
await writeArtifact(GOOD, RUN);
// Its source is another one's.
await writeArtifact(BAD, { ...RUN, source: SOURCE.replace("x + 1", "x + 2") });

async function writeArtifact(path: string, record: RunRecord): Promise<void> {
  await Deno.writeFile(path, await encodeArtifact(record, addStretch([], currentWriter(), 0)));
}

/**
 * Runs a line of bash in which `rewind` is the command, with all rights, as it must know the machine to tell that a
 * process is dead. Where its process id matters, `"${cli[@]}"` is the command without a shell between.
 */
async function bash(line: string): Promise<{ stdout: string; stderr: string }> {
  const [program, ...args] = cliCommand(["-A"]);
  const words = [program!, ...args].map((word) => `'${word}'`).join(" ");
  const { stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", `cli=(${words}); rewind() { "\${cli[@]}" "$@"; }\n${line}`],
    cwd: FOLDER.path,
    clearEnv: true,
    env: plainEnvironment(),
  }).output();
  const decoder = new TextDecoder();
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

const ignore = Deno.build.os !== "linux";

Deno.test({
  name: "the exit code is that of the answer, whoever reads it",
  ignore,
  async fn() {
    const codes = async (line: string): Promise<string> => (await bash(line)).stdout;
    const [piped, noStderr, head] = await Promise.all([
      codes("rewind verify bad.replay 2>/dev/null | true; echo ${PIPESTATUS[0]}"),
      codes("rewind verify good.replay 2>/dev/full >/dev/null; echo $?"),
      codes("rewind export good.replay | head -1; echo ${PIPESTATUS[0]}"),
    ]);
    assertEquals([piped, noStderr, head], ["1\n", "0\n", '{"t":0,"state":0}\n0\n']);
  },
});

Deno.test({
  name: "results that cannot be written make a good answer none, and stdout is blamed",
  ignore,
  async fn() {
    const [good, bad] = await Promise.all([
      bash("rewind get good.replay 7 >/dev/full; echo $?"),
      bash("rewind verify bad.replay >/dev/full; echo $?"),
    ]);
    assertEquals([good.stdout, bad.stdout], ["2\n", "1\n"]);
    assertEquals(good.stderr, "error: Cannot write the results to stdout: the disk is full\n");
    assertMatch(bad.stderr, /error: Cannot write the results to stdout: the disk is full\n$/);
  },
});

Deno.test({
  name: "files may come through a pipe",
  ignore,
  async fn() {
    const { stdout, stderr } = await bash(
      "rewind verify <(cat good.replay) 2>/dev/null; rewind info <(cat good.replay) | head -1; " +
        "rewind diff <(cat good.replay) good.replay; " +
        `rewind info <(echo '{"step":0,"loss":1}') | head -2; ` +
        'rewind view <(cat good.replay) -o - | grep -cF "$(base64 -w0 good.replay)"',
    );
    assertMatch(
      stdout,
      /^OK: 55 of 55 .*\nformat +rewind, version 2, .*\nthe same: all .* states are equal\nformat +jsonl\nrecords +1\n1\n$/,
      stderr,
    );
  },
});

Deno.test({
  name: "export cleans what a dead process left, and leaves nothing itself",
  ignore,
  async fn() {
    const { stdout } = await bash(
      `mkdir out; ("\${cli[@]}" export good.replay --every 1 -o out/a.jsonl & pid=$!; ` +
        "until ls out/*.tmp >/dev/null 2>&1 || [ -e out/a.jsonl ]; do sleep 0.01; done; " +
        "kill -9 $pid; wait $pid) 2>/dev/null; " +
        "rewind export good.replay --to 2 -f -o out/a.jsonl 2>/dev/null; ls out; cat out/a.jsonl",
    );
    assertEquals(stdout, 'a.jsonl\n{"t":0,"state":0}\n{"t":1,"state":1}\n');
  },
});
