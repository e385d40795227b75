import { assertEquals, assertThrows } from "@std/assert";
import { parseCommandLine } from "../../src/cli/args.ts";
import { defineCommand, optionName } from "../../src/cli/command.ts";
import * as kinds from "../../src/cli/options.ts";
import { stateJson } from "../../src/cli/state_option.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { loadVerbs } from "./load_verbs.ts";

const EXAMPLE = defineCommand({
  operands: { file: kinds.operand("file"), rest: kinds.operands("more", { min: 0 }) },
  options: {
    steps: kinds.integer("N", "Number", { min: 1, max: 1000 }),
    blockSize: kinds.integer("N", "Number", { short: "b", default: 5 }),
    seed: kinds.seed("Seed"),
    alpha: kinds.number("P", "Probability", { above: 0, below: 1 }),
    timeout: kinds.seconds("Time"),
    memory: kinds.megabytes("Size"),
    rng: kinds.choice(["python", "numpy"], "Generator", { default: "numpy" }),
    perturb: kinds.choices(["threads", "cwd"], "What to change"),
    init: stateJson("State"),
    map: kinds.json("JSON", "Map"),
    set: kinds.texts("PATH=JSON", "Value"),
    param: kinds.pairs("NAME=VALUE", "Parameter"),
    output: kinds.path("FILE", "File", { short: "o", alias: "out" }),
    force: kinds.flag("Overwrite", { short: "f" }),
  },
  examples: [],
  run: () => Promise.resolve(0),
});

const DEFAULTS = {
  rest: [],
  steps: undefined,
  blockSize: 5,
  seed: undefined,
  alpha: undefined,
  timeout: undefined,
  memory: undefined,
  rng: "numpy",
  perturb: [],
  init: undefined,
  map: undefined,
  set: [],
  param: new Map(),
  output: undefined,
  force: false,
};

Deno.test("parseCommandLine() gives every operand and option a value of its kind", () => {
  assertEquals(parseCommandLine(EXAMPLE, ["x"]), { ...DEFAULTS, file: "x" });
  assertEquals(
    parseCommandLine(
      EXAMPLE,
      "x --steps 1e3 -b 7 --seed -5 --alpha .5 --timeout 1.5 --memory 2 --rng python --perturb cwd,threads"
        .split(" ").concat([
          "--perturb=cwd",
          '--init={"a":{"$number":"NaN"}}',
          "--map",
          "null",
          "--set",
          ".a=1",
          "--set=.b=2",
          "--param",
          "a=b=c",
          "-f",
          "--out",
          "y",
        ]),
    ),
    {
      ...DEFAULTS,
      file: "x",
      steps: 1000,
      blockSize: 7,
      seed: -5n,
      alpha: 0.5,
      timeout: 1500,
      memory: 2_000_000,
      rng: "python",
      perturb: ["cwd", "threads", "cwd"],
      init: { value: { a: NaN } },
      map: { value: null },
      set: [".a=1", ".b=2"],
      param: new Map([["a", "b=c"]]),
      output: "y",
      force: true,
    },
  );
});

Deno.test("parseCommandLine() takes a time of 0 as no limit", () => {
  assertEquals(parseCommandLine(EXAMPLE, ["x", "--timeout", "0"]).timeout, Infinity);
});

Deno.test("parseCommandLine() keeps operands the texts that they are", () => {
  const words = ["007", "0x10", "1e3", "-5", "true", "false", "1_0", "-.5", "Infinity"];
  for (const word of words) {
    // A switch before it takes nothing of it either.
    const { file, rest, force } = parseCommandLine(EXAMPLE, ["--force", word, "-f", word, word]);
    assertEquals([file, rest, force], [word, [word, word], true]);
  }
  const { file, rest } = parseCommandLine(EXAMPLE, ["--", "--steps", "-x", "true"]);
  assertEquals([file, rest], ["--steps", ["-x", "true"]]);
});

Deno.test("parseCommandLine() refuses wrong values, and says which and what is right", () => {
  const whole = "it must be a whole number of at least 1 and at most 1,000";
  const cases: [string[], string][] = [
    [["--steps", "1.5"], `Invalid value '1.5' for --steps: ${whole}`],
    [["--steps", "4.99999999999999999999"], `'4.99999999999999999999' for --steps: ${whole}`],
    [["--steps", "0"], `Invalid value '0' for --steps: ${whole}`],
    [["--steps", "1001"], `Invalid value '1001' for --steps: ${whole}`],
    [["--steps", "1e400"], `Invalid value '1e400' for --steps: ${whole}`],
    [["--steps", "9007199254740993"], "for --steps"],
    [["--seed", "_"], "Invalid value '_' for --seed: it must be a whole number"],
    [["--seed", "1.5"], "Invalid value '1.5' for --seed: it must be a whole number"],
    [["--alpha", "2"], "Invalid value '2' for --alpha: it must be a number above 0 and below 1"],
    [["--alpha", "0"], "for --alpha"],
    [["--timeout", "1e400"], "Invalid value '1e400' for --timeout"],
    [["--timeout", "-1"], "Invalid value '-1' for --timeout: it must be a number of at least 0"],
    [["--rng", "Python"], "Invalid value 'Python' for --rng: it must be python or numpy"],
    [["--perturb", "cwd,x"], "Invalid value 'x' for --perturb: it must be threads or cwd"],
    [["--init", "{"], "Invalid value for --init: it must be JSON"],
    [["--map", "{a: 1}"], "Invalid value for --map: it must be JSON"],
    [["--param", "a"], "Invalid value 'a' for --param: it must be NAME=VALUE"],
    [["--param", "a=1", "--param", "a=2"], "Invalid --param: 'a' is given twice"],
    [["--steps"], "Missing value for --steps"],
    [["--steps", "--force"], "Missing value for --steps"],
    [["--steps="], "Missing value for --steps"],
    [["--out", "a", "-o", "b"], "Invalid option --output: it is given twice"],
    [["--force=no"], "Invalid value 'no' for --force: it takes none"],
    [["-f=no"], "Invalid value 'no' for --force: it takes none"],
    [["--no-force"], "Unknown option '--no-force'"],
    [["-q"], "Unknown option '-q'"],
  ];
  for (const [args, message] of cases) {
    assertThrows(() => parseCommandLine(EXAMPLE, ["x", ...args]), UsageError, message);
  }
});

Deno.test("parseCommandLine() counts operands", () => {
  const command = defineCommand({
    operands: { file: kinds.operand("file"), steps: kinds.integerOperands("t") },
    options: {},
    examples: [],
    run: () => Promise.resolve(0),
  });
  assertEquals(parseCommandLine(command, ["007", "5", "-1"]), { file: "007", steps: [5, -1] });
  const cases: [string[], string][] = [
    [[], "Missing argument <file>"],
    [["x"], "Missing argument <t> ..."],
    [["x", "one"], "Invalid value 'one' for <t>: it must be a whole number"],
  ];
  for (const [args, message] of cases) {
    assertThrows(() => parseCommandLine(command, args), UsageError, message);
  }
  const none = defineCommand({ ...command, operands: {}, options: {} });
  assertThrows(() => parseCommandLine(none, ["x"]), UsageError, "Invalid argument 'x'");
});

Deno.test("parseCommandLine() names the nearest option for every misspelt one", async () => {
  for (const { command, name } of await loadVerbs()) {
    const names = Object.keys(command.options).map(optionName);
    for (const option of names) {
      if (option.length < 6) continue;
      const misspelt = `${option.slice(0, -2)}${option.at(-1)}${option.at(-2)}`;
      if (names.includes(misspelt)) continue;
      const { message, hint } = assertThrows(
        () => parseCommandLine(command, [misspelt]),
        UsageError,
      );
      assertEquals(message, `Unknown option '${misspelt}'`, name);
      assertEquals(hint?.startsWith("did you mean '--"), true, `${name}: ${misspelt}`);
    }
  }
});
