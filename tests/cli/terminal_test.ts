import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openRecord } from "../../src/artifact/open_record.ts";
import { HAS_PYTHON } from "../python.ts";
import { artifactOf, WALK } from "./fixtures.ts";
import { cliCommand, EXAMPLES, plainEnvironment, runCli, spawnCli, TempFolder } from "./run_cli.ts";

const FOLDER = new TempFolder();
const cwd = FOLDER.path;
addEventListener("unload", () => Deno.removeSync(FOLDER.path, { recursive: true }));
FOLDER.write("walk.replay", artifactOf(WALK));
FOLDER.write("long.replay", artifactOf(WALK, { params: { list: Array(60).fill(12345) } }));

// deno-lint-ignore no-control-regex -- escape sequences are what is looked for
const ESCAPE = /\x1b/;

/** A pseudo-terminal needs a POSIX system; Python brings one without a dependency. */
const HAS_TERMINAL = Deno.build.os !== "windows" && HAS_PYTHON;

interface TerminalOptions {
  columns?: number;
  env?: Record<string, string>;
  typed?: { after: string; send: string };
}

/** Runs `rewind` in a pseudo-terminal, stdout and stderr together. */
async function inTerminal(
  args: string[],
  { columns = 80, env = {}, typed }: TerminalOptions = {},
): Promise<{ code: number; text: string }> {
  const task = { command: [...cliCommand(), ...args], columns, ...typed };
  const { stdout, stderr, success } = await new Deno.Command("python3", {
    args: [new URL("pseudo_terminal.py", import.meta.url).pathname, JSON.stringify(task)],
    clearEnv: true,
    env: plainEnvironment({ TERM: "xterm-256color", ...env }),
    cwd,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const { code, text } = JSON.parse(new TextDecoder().decode(stdout));
  return { code, text: text.replaceAll("\r\n", "\n") };
}

Deno.test("output to a pipe has no escape codes, whatever the environment says", async () => {
  const env = { TERM: "xterm-256color", FORCE_COLOR: "1" };
  const results = await Promise.all(
    [["--help"], ["verify", "walk.replay"], ["info", "walk.replay"], ["get", "no.replay", "1"]]
      .map((args) => runCli(args, { cwd, env })),
  );
  for (const { stdout, stderr } of results) assertEquals(ESCAPE.test(stdout + stderr), false);
});

Deno.test({
  name: "a terminal gets colors, and with NO_COLOR not one escape code",
  ignore: !HAS_TERMINAL,
  async fn() {
    const verbs = [["verify", "walk.replay"], ["--help"], ["get", "no.replay", "1"]];
    const [verify, help, error] = await Promise.all(verbs.map((args) => inTerminal(args)));
    assertStringIncludes(verify!.text, "\x1b[32mOK\x1b[39m: 32 of 32 blocks");
    assertStringIncludes(help!.text, "\x1b[1mUsage\x1b[22m");
    assertStringIncludes(error!.text, "\x1b[31merror\x1b[39m: Cannot open 'no.replay'");
    assertEquals([verify!.code, help!.code, error!.code], [0, 0, 2]);
    const plain = await Promise.all(
      [...verbs, ["record", `${EXAMPLES}walk.ts`, "--steps", "2e6", "--seed", "1"]].map((args) =>
        inTerminal(args, { env: { NO_COLOR: "1" } })
      ),
    );
    for (const { text } of plain) assertEquals(ESCAPE.exec(text), null);
  },
});

Deno.test({
  name: "a terminal shows progress, and nothing of it stays",
  ignore: !HAS_TERMINAL,
  async fn() {
    const { code, text } = await inTerminal(
      ["record", `${EXAMPLES}walk.ts`, "--steps", "4e6", "--seed", "1", "-o", "progress.replay"],
      { columns: 50 },
    );
    assertEquals(code, 0);
    assertMatch(text, /\rstep [\d,]+ of 4,000,000 \(\d+%\), \d+ s left/);
    const parts = text.split("\r");
    for (const part of parts.slice(0, -1)) assert(part.length < 50, part);
    assertMatch(parts.at(-1)!, /^recorded 4,000,000 steps /);
    assertEquals(parts.at(-2)!.trim(), "", "the progress is blanked out before the result");
  },
});

Deno.test({
  name: "view --static shows on a terminal how far it is",
  ignore: !HAS_TERMINAL,
  async fn() {
    const { code, text } = await inTerminal(["view", "walk.replay", "--static"]);
    assertEquals(code, 0);
    assertMatch(text, /\rstep [\d,]+ of 1,000/);
    assertMatch(text.split("\r").at(-1)!, /^wrote walk\.html: /);
  },
});

Deno.test({
  name: "long values are broken to the width of a terminal, not in a pipe",
  ignore: !HAS_TERMINAL,
  async fn() {
    const [narrow, piped] = await Promise.all([
      inTerminal(["info", "long.replay"], { columns: 60, env: { NO_COLOR: "1" } }),
      runCli(["info", "long.replay"], { cwd, env: { COLUMNS: "60" } }),
    ]);
    const params = /\n(params [^]*?)\n(?=\S)/.exec(narrow.text)![1]!.split("\n");
    assert(params.length > 3);
    for (const line of params) assert(line.length <= 60, line);
    assertEquals(
      params.map((line) => line.trim()).join(" ").replace(/ +/g, " "),
      /\n(params .*)\n/.exec(piped.stdout)![1]!.replace(/ +/g, " "),
    );
  },
});

Deno.test({
  name: "Ctrl-C in a terminal, which reaches the sandbox too, keeps what was recorded",
  ignore: !HAS_TERMINAL,
  async fn() {
    const { code, text } = await inTerminal(
      ["record", `${EXAMPLES}walk.ts`, "--steps", "1e9", "--seed", "42", "-o", "stopped.replay"],
      { typed: { after: "step [1-9][0-9,]* of", send: "\x03" } },
    );
    assertEquals(code, 130);
    assertMatch(
      text,
      /\rinterrupted: [\d,]+ steps of 1,000,000,000 are kept in stopped\.replay\.part\n/,
    );
    assertMatch(text, /\ngo on with: rewind resume stopped\.replay\.part\n$/);
    const { record, checkAll } = await openRecord(FOLDER.file("stopped.replay.part"));
    checkAll();
    assert(record.steps > 1 && record.steps < 1e9);
  },
});

Deno.test({
  name: "Ctrl-C while reading says so and writes nothing",
  ignore: !HAS_TERMINAL,
  async fn() {
    FOLDER.write(
      "slow.js",
      "export const step = (x) => { for (let i = 0; i < 3e6; i++) x += 1e-9; return x; };",
    );
    const { code, text } = await inTerminal(
      ["verify", "walk.replay", "--step", "slow.js"],
      { typed: { after: "block [1-9]", send: "\x03" } },
    );
    assertEquals(code, 130);
    assertMatch(text, /interrupted\n$/);
    assertEquals(/FAILED|OK/.test(text), false);
  },
});

Deno.test("a reader that goes away ends a command quietly", async () => {
  const process = spawnCli(["export", "walk.replay"], { cwd });
  const reader = process.stdout.getReader();
  // Nothing is read: the pipe is closed while the command still starts.
  await reader.cancel();
  const [errors, status] = await Promise.all([
    new Response(process.stderr).text(),
    process.status,
  ]);
  assertEquals([status.code, errors], [0, ""]);
});

Deno.test({
  name: "rewind export | head prints the lines asked for, and no stack trace",
  ignore: Deno.build.os === "windows",
  async fn() {
    const command = cliCommand().map((word) => `'${word}'`).join(" ");
    const { stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", `${command} export walk.replay | head -n 2; echo "\${PIPESTATUS[0]}"`],
      clearEnv: true,
      env: plainEnvironment(),
      cwd,
    }).output();
    const decoder = new TextDecoder();
    assertEquals(decoder.decode(stdout), '{"t":0,"state":0}\n{"t":1,"state":1}\n0\n');
    assertEquals(decoder.decode(stderr), "");
  },
});
