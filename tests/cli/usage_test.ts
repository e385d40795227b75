import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { parseCommandLine } from "../../src/cli/args.ts";
import { COMMAND_NAMES, loadCommands } from "../../src/cli/commands.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { hasProgram, runCli, TempFolder } from "./run_cli.ts";

const COMMANDS = await loadCommands();

/** Verbs whose results are files or scripts, not data. */
const WITHOUT_JSON = ["export", "completions", "view"];

Deno.test("rewind without arguments, --help and help list every verb", async () => {
  const [none, ...others] = await Promise.all(
    [[], ["--help"], ["-h"], ["help"]].map((args) => runCli(args)),
  );
  for (const result of others) assertEquals(result, none);
  assertEquals([none!.code, none!.stderr], [0, ""]);
  for (const { name, summary } of COMMANDS) {
    assertMatch(none!.stdout, new RegExp(`^  ${name} +${summary.split(" ")[0]}`, "m"));
  }
});

Deno.test("rewind --version is the package's", async () => {
  const manifest = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  const [long, short] = await Promise.all([runCli(["--version"]), runCli(["-V"])]);
  assertEquals(long, { code: 0, stdout: `rewind ${manifest.version}\n`, stderr: "" });
  assertEquals(short, long);
});

Deno.test("every verb has help that fits into 60 columns, with two examples", async () => {
  const helps = await Promise.all(
    COMMANDS.map(({ name }) => runCli([name, "--help"], { env: { COLUMNS: "60" } })),
  );
  helps.forEach(({ code, stdout, stderr }, i) => {
    const { name, options, examples, summary } = COMMANDS[i]!;
    assertEquals([code, stderr], [0, ""], name);
    assert(stdout.startsWith(`rewind ${name}: ${summary}`.slice(0, 40)), name);
    const [, body, commands] = /^([^]*\nExamples\n)([^]*)$/.exec(stdout)!;
    for (const line of body!.split("\n")) assert(line.length <= 60, `${name}: ${line}`);
    assert(examples.length >= 2, name);
    for (const { command } of examples) assertStringIncludes(commands!, `\n  ${command}\n`);
    for (const option of options) {
      assertMatch(body!, new RegExp(`^  (-., )?-{1,2}${option.name}\\b`, "m"));
    }
    assertEquals(options.some((option) => option.name === "json"), !WITHOUT_JSON.includes(name));
    // deno-lint-ignore no-control-regex -- that there are none is what is tested
    assertEquals(/\x1b/.test(stdout), false, name);
  });
});

Deno.test("the overview fits into 60 columns, and into 20", async () => {
  for (const columns of [60, 20]) {
    const { stdout } = await runCli(["--help"], { env: { COLUMNS: `${columns}` } });
    for (const line of stdout.split("\n")) {
      // A word alone may be longer than the line.
      assert(line.length <= columns || !line.trim().includes(" "), line);
    }
  }
});

Deno.test("rewind help VERB is rewind VERB --help", async () => {
  const [a, b, c] = await Promise.all(
    [["help", "get"], ["get", "--help"], ["get", "x.replay", "1", "-h"]].map((args) =>
      runCli(args)
    ),
  );
  assertEquals([b, c], [a, a]);
});

Deno.test("an unknown verb ends with 2 and names the nearest", async () => {
  const cases = [
    ["gett", "'gett' is no command of rewind: did you mean 'get'?"],
    ["recrod", "'recrod' is no command of rewind: did you mean 'record'?"],
    ["zzzzzz", "'zzzzzz' is no command of rewind"],
    ["--hlep", "'--hlep' is no option of rewind: did you mean '--help'?"],
    ["constructor", "'constructor' is no command of rewind"],
    ["x\x1b[31m", "'x\\x1b[31m' is no command of rewind"],
  ] as const;
  const results = await Promise.all(cases.map(([verb]) => runCli([verb])));
  results.forEach((result, i) =>
    assertEquals(result, {
      code: 2,
      stdout: "",
      stderr: `rewind: ${cases[i]![1]}\ntry 'rewind --help'\n`,
    })
  );
});

Deno.test("parseCommandLine() names the nearest option for every misspelt one", () => {
  for (const command of COMMANDS) {
    for (const { name } of command.options) {
      if (name.length < 4) continue;
      const misspelt = `--${name.slice(0, -2)}${name.at(-1)}${name.at(-2)}`;
      if (command.options.some((option) => `--${option.name}` === misspelt)) continue;
      const { message } = assertThrows(
        () => parseCommandLine(command, [...Array(command.positionals[0]).fill("x"), misspelt]),
        UsageError,
      );
      assertStringIncludes(message, `'${misspelt}' is no option of ${command.name}: did you mean`);
    }
  }
});

Deno.test("parseCommandLine() takes an option by its other names, and once only", () => {
  const command = COMMANDS.find(({ name }) => name === "replay")!;
  for (const form of [["--cmd", "a b"], ["--cmd=a b"], ["--command", "a b"], ["-c", "a b"]]) {
    assertEquals(parseCommandLine(command, form).options.get("command"), ["a b"]);
  }
  assertThrows(
    () => parseCommandLine(command, ["--cmd", "a", "-c", "b"]),
    UsageError,
    "--command is given twice",
  );
});

Deno.test("an unknown option, a missing value and a wrong count of arguments end with 2", async () => {
  const cases: [string[], string][] = [
    [["get", "x.replay", "1", "--jsno"], "'--jsno' is no option of get: did you mean '--json'?"],
    [["get", "x.replay", "1", "-q"], "'-q' is no option of get"],
    [["get", "x.replay"], "get needs <run.replay> <t>"],
    [["trace", "x.replay", "1", "2"], "unexpected argument '2'"],
    [["find", "x.replay"], "find needs --where FUNCTION"],
    [["find", "x.replay", "--where"], "--where needs a value: --where=FUNCTION"],
    [["record", "x.ts", "--seed", "1"], "record needs --steps N"],
    [["record", "x.ts", "--steps", "5"], "record needs --seed N"],
    [["record", "x.ts", "--steps", "5", "--steps", "6"], "--steps is given twice"],
    [
      ["record", "x.ts", "--steps", "1.5", "--seed", "1"],
      "--steps must be a whole number of at least 1 and at most 4503599627370496, not '1.5'",
    ],
    [["get", "x.replay", "one"], "t must be a whole number, not 'one'"],
    [["get", "x.replay", "1e400"], "t must be a whole number, not '1e400'"],
  ];
  const results = await Promise.all(cases.map(([args]) => runCli(args)));
  results.forEach((result, i) => {
    const [args, message] = cases[i]!;
    assertEquals(result, {
      code: 2,
      stdout: "",
      stderr: `rewind: ${message}\ntry 'rewind ${args[0]} --help'\n`,
    });
  });
});

Deno.test("completions are scripts that their shells understand", async () => {
  await using folder = new TempFolder();
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout, stderr } = await runCli(["completions", shell]);
    assertEquals([code, stderr], [0, ""]);
    for (const name of COMMAND_NAMES) assertStringIncludes(stdout, name);
    const script = folder.write(`rewind.${shell}`, stdout);
    // Shells that are not there cannot be asked; bash is on every machine that runs these tests.
    if (shell !== "bash" && !hasProgram(shell)) continue;
    const check = await new Deno.Command(shell, {
      args: [shell === "fish" ? "--no-execute" : "-n", script],
    }).output();
    assertEquals([check.success, new TextDecoder().decode(check.stderr)], [true, ""], shell);
  }
});

Deno.test("completions bash completes verbs and options", async () => {
  await using folder = new TempFolder();
  const script = folder.write("rewind.bash", (await runCli(["completions", "bash"])).stdout);
  const complete = async (...words: string[]): Promise<string> => {
    const { stdout } = await new Deno.Command("bash", {
      args: [
        "-c",
        'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rewind; echo "${COMPREPLY[*]}"',
        script,
        ...words,
      ],
      cwd: folder.path,
    }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assertEquals(await complete("rewind", "exp"), "export");
  assertEquals(await complete("rewind", "get", "--js"), "--json");
  assertEquals(await complete("rewind", "get", "rew"), "rewind.bash");
});

Deno.test("completions of an unknown shell end with 2", async () => {
  const { code, stderr } = await runCli(["completions", "bsh"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "'bsh' is none of bash, zsh, fish: did you mean 'bash'?");
});
