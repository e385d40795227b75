import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { optionName } from "../../src/cli/command.ts";
import { EXIT_CODES } from "../../src/cli/exit_codes.ts";
import { commandHelp } from "../../src/cli/help.ts";
import { overviewHelp } from "../../src/cli/overview.ts";
import { loadVerbs } from "./load_verbs.ts";
import { memoryOutput } from "./memory_output.ts";
import { hasProgram, runCli, TempFolder } from "./run_cli.ts";
import { runVerb } from "./run_verb.ts";

const VERBS = await loadVerbs();

/** Verbs whose results are files or scripts, not data. */
const WITHOUT_JSON = ["debug", "export", "completions", "view", "picture"];

Deno.test("rewind without arguments, --help, -h and help print the overview", async () => {
  const expected = { code: 0, stdout: `${overviewHelp(memoryOutput())}\n`, stderr: "" };
  for (const args of [[], ["--help"], ["-h"], ["help"]]) {
    assertEquals(await runCli(args), expected, args.join(" "));
  }
});

Deno.test("the overview lists every verb with its summary, and every exit code", () => {
  const text = overviewHelp(memoryOutput({ columns: 200 }));
  for (const { name, summary } of VERBS) {
    assertMatch(text, new RegExp(`^  ${name} +${RegExp.escape(summary)}$`, "m"));
  }
  for (const [code, meaning] of EXIT_CODES) {
    assertMatch(text, new RegExp(`^  ${RegExp.escape(code)} +${RegExp.escape(meaning)}$`, "m"));
  }
});

Deno.test("every file of src/cli that declares a verb is in the table, once", async () => {
  const declaring: string[] = [];
  const folder = new URL("../../src/cli/", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(name, folder));
    if (/^export const command = defineCommand\(/m.test(text)) declaring.push(name);
  }
  assertEquals(
    VERBS.map(({ name }) => `${name.replaceAll("-", "_")}.ts`).sort(),
    declaring.sort(),
  );
});

Deno.test("rewind --version is the package's", async () => {
  const manifest = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  const [long, short] = await Promise.all([runCli(["--version"]), runCli(["-V"])]);
  assertEquals(long, { code: 0, stdout: `rewind ${manifest.version}\n`, stderr: "" });
  assertEquals(short, long);
});

Deno.test("every verb has help that fits into 60 columns, with two examples", () => {
  for (const verb of VERBS) {
    const { name, summary, command } = verb;
    const text = commandHelp(verb, command, memoryOutput({ columns: 60 }));
    assert(text.startsWith(`rewind ${name}: ${summary}`.slice(0, 40)), name);
    const [, body, commands] = /^([^]*\nExamples\n)([^]*)$/.exec(text)!;
    for (const line of body!.split("\n")) assert(line.length <= 60, `${name}: ${line}`);
    assert(command.examples.length >= 2, name);
    for (const example of command.examples) {
      assertStringIncludes(commands!, `\n  ${example.command}\n`.trimEnd());
      assertMatch(example.note, /^[A-Z].*[^.]$/s, `${name}: ${example.note}`);
    }
    for (const [key, option] of Object.entries(command.options)) {
      assertMatch(body!, new RegExp(`^  (-., )?${optionName(key)}\\b`, "m"));
      assertMatch(option.summary, /^[A-Z'].*[^.]$/s, `${name}: ${option.summary}`);
    }
    assertMatch(summary, /^[A-Z].*[^.]$/);
    assertEquals("json" in command.options, !WITHOUT_JSON.includes(name), name);
    // deno-lint-ignore no-control-regex -- that there are none is what is tested
    assertEquals(/\x1b/.test(text), false, name);
  }
});

Deno.test("no two options of a verb share a name", () => {
  for (const { name, command } of VERBS) {
    const words = Object.entries(command.options).flatMap(([key, { short, alias }]) =>
      [optionName(key).slice(2), short, alias].filter((word) => word !== undefined)
    );
    assertEquals(words.length, new Set(words).size, name);
    for (const key of Object.keys(command.operands)) assert(!(key in command.options), name);
  }
});

Deno.test("the overview fits into 60 columns, and into 20", () => {
  for (const columns of [60, 20]) {
    for (const line of overviewHelp(memoryOutput({ columns })).split("\n")) {
      // A word alone may be longer than the line.
      assert(line.length <= columns || !line.trim().includes(" "), line);
    }
  }
});

Deno.test("rewind help VERB is rewind VERB --help, as wide as COLUMNS says", async () => {
  const verb = VERBS.find(({ name }) => name === "get")!;
  const expected = commandHelp(verb, verb.command, memoryOutput({ columns: 50 }));
  const results = await Promise.all(
    [["help", "get"], ["get", "--help"], ["get", "x.replay", "1", "-h"]].map((args) =>
      runCli(args, { env: { COLUMNS: "50" } })
    ),
  );
  for (const result of results) {
    assertEquals(result, { code: 0, stdout: `${expected}\n`, stderr: "" });
  }
});

Deno.test("an unknown verb ends with 2 and names the nearest", async () => {
  const cases = [
    ["recrod", "Unknown command 'recrod'", "did you mean 'record'?"],
    ["--hlep", "Unknown option '--hlep'", "did you mean '--help'?"],
    ["constructor", "Unknown command 'constructor'", "see 'rewind --help'"],
    ["x\x1b[31m", "Unknown command 'x\\x1b[31m'", "see 'rewind --help'"],
  ] as const;
  const results = await Promise.all(cases.map(([verb]) => runCli([verb])));
  results.forEach((result, i) =>
    assertEquals(result, {
      code: 2,
      stdout: "",
      stderr: `error: ${cases[i]![1]}\nhint: ${cases[i]![2]}\n`,
    })
  );
});

Deno.test("wrong usage ends with 2, what is wrong and what to do", async () => {
  const cases: [string[], string, string?][] = [
    [["get", "x.replay", "1", "--jsno"], "Unknown option '--jsno'", "did you mean '--json'?"],
    [["find", "x.replay"], "Missing option --where FUNCTION"],
    [
      ["record", "x.ts", "--steps", "5", "--steps", "6"],
      "Invalid option --steps: it is given twice",
    ],
  ];
  const results = await Promise.all(cases.map(([args]) => runVerb(args)));
  results.forEach(({ code, stdout, stderr }, i) => {
    const [args, message, hint] = cases[i]!;
    assertEquals({ code, stdout, stderr }, {
      code: 2,
      stdout: "",
      stderr: `error: ${message}\nhint: ${hint ?? `see 'rewind ${args[0]} --help'`}\n`,
    });
  });
});

Deno.test("completions are scripts that their shells understand", async () => {
  await using folder = new TempFolder();
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout, stderr } = await runVerb(["completions", shell]);
    assertEquals([code, stderr], [0, ""]);
    for (const { name } of VERBS) assertStringIncludes(stdout, name);
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
  const script = folder.write("rewind.bash", (await runVerb(["completions", "bash"])).stdout);
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
  assertEquals(await runCli(["completions", "bsh"]), {
    code: 2,
    stdout: "",
    stderr: "error: Invalid shell 'bsh': it must be bash, zsh, fish\nhint: did you mean 'bash'?\n",
  });
});
