import { assert, assertEquals } from "@std/assert";
import { split } from "shlex";
import { parseCommandLine } from "../../src/cli/args.ts";
import { findVerb } from "../../src/cli/verbs.ts";
import { HAS_PYTHON } from "../python.ts";
import { loadVerbs } from "./load_verbs.ts";
import { cliCommand, EXAMPLES, hasProgram, plainEnvironment, TempFolder } from "./run_cli.ts";

/** A training script: a noisy decay, the same for the same seed. */
const TRAINING_SCRIPT = `import json, os, random, sys
seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else int(os.environ.get("RLDK_SEED", os.environ.get("SEED", "42")))
path = os.environ.get("RLDK_METRICS_PATH") or (sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "metrics.jsonl")
random.seed(seed)
loss = 1.0
with open(path, "w") as out:
    for step in range(60):
        loss = 0.95 * loss + 0.01 * random.random()
        row = {"step": step, "loss": loss, "reward_mean": 1 - loss, "kl": 0.01 * loss, "seed": seed}
        out.write(json.dumps(row) + "\\n")
`;

/** What the files that the examples name are made of, besides what earlier examples leave. */
async function prepare(folder: TempFolder, runner: Runner): Promise<void> {
  await Deno.mkdir(folder.file("examples"));
  const examples = [
    "walk.ts",
    "late_nan.ts",
    "sir.ts",
    "ising.ts",
    "lockstep.ts",
    "lockstep_keys.jsonl",
  ];
  for (const name of examples) {
    await Deno.copyFile(EXAMPLES + name, folder.file(`examples/${name}`));
  }
  await Deno.copyFile(`${EXAMPLES}walk.ts`, folder.file("walk.ts"));
  for (const name of ["runs", ".config", ".config/fish", ".config/fish/completions", "bin"]) {
    await Deno.mkdir(folder.file(name));
  }
  for (const name of ["golden", "src"]) await Deno.mkdir(folder.file(name));
  await Deno.copyFile(`${EXAMPLES}walk.ts`, folder.file("src/walk.ts"));
  folder.write(
    "chain.ts",
    "export const init = 0;\nexport const step = (x, rng) => 0.9 * x + rng.gauss(0, 1);\n" +
      "export const observe = { energy: (x) => x * x };\n",
  );
  for (const [group, gain] of [["ppo", 0], ["old", 0], ["new", 0.5]] as const) {
    await Deno.mkdir(folder.file(`runs/${group}`));
    for (let seed = 0; seed < 10; seed++) {
      const rows = Array.from({ length: 20 }, (_, step) => {
        const value = gain + seed / 100 + step / 20;
        return JSON.stringify({ step, seed, reward_mean: value, eval_loss: 2 - value });
      });
      folder.write(`runs/${group}/seed-${seed}.jsonl`, `${rows.join("\n")}\n`);
    }
  }
  const words = cliCommand(["-A"]).map((word) => `'${word}'`).join(" ");
  await Deno.chmod(folder.write("bin/rewind", `#!/bin/sh\nexec ${words} "$@"\n`), 0o755);
  const recordings = [
    "examples/late_nan.ts --steps 1e6 --seed 7 -o nan.replay",
    "examples/ising.ts --steps 250 --seed 1 -o ising.replay",
    "chain.ts --steps 2e4 --seed 1 -o chain.replay",
    "src/walk.ts --steps 500 --seed 1 -o golden/walk.replay",
  ];
  for (const words of recordings) {
    assertEquals((await runner.run(`rewind record ${words}`)).code, 0, words);
  }
  for (const name of ["old", "new"]) {
    await Deno.copyFile(folder.file("golden/walk.replay"), folder.file(`${name}.replay`));
  }
  if (!HAS_PYTHON || !hasProgram("git")) return;
  folder.write("train.py", TRAINING_SCRIPT);
  await shell(
    folder,
    "for name in run run_a run_b other good; do python3 train.py $name.jsonl --seed 1; done; " +
      "git init -q && git -c user.name=t -c user.email=t@t commit -q --allow-empty -m start && " +
      "git add train.py && git -c user.name=t -c user.email=t@t commit -q -m script && git tag v1.0 && " +
      "sed -i 's/1 - loss/0.0/' train.py && git -c user.name=t -c user.email=t@t commit -q -a -m later && " +
      // In the folder itself the script is the good one.
      "git show v1.0:train.py > train.py",
  );
}

/** Examples whose answer is no with the files that are here: two runs that differ. */
const ANSWERS_NO = /^rewind diff walk\.replay fork\.replay/;

/** Examples that wait for a debugger, or train for longer than a test may: they have tests of their own. */
const ELSEWHERE = /^rewind (?:debug|check-resume) |^rewind diff runs\//;

/**
 * Examples that take a second each or more, of verbs that have a shorter one, and whose files no later one needs: the
 * long form runs them; the short one reads their command lines.
 */
const LONG =
  /^rewind (?:why nan|picture .*gif|rare examples\/walk|check-determinism .*--replicas|bisect .*--metric)|rewind stats .*rewind merge/;

/** That the verbs of a command line take its words. */
async function assertReads(command: string): Promise<void> {
  // As the shell does with the variable of a loop.
  const lines = command.replaceAll("$i", "0").split(/; (?:do )?/);
  const calls = lines.filter((line) => line.startsWith("rewind ")).map((line) => split(line));
  assert(calls.length > 0, command);
  for (const [, verb, ...words] of calls) {
    parseCommandLine((await findVerb(verb!)!.load()).command, words);
  }
}

/** What became of a command. */
interface Outcome {
  readonly code: number;
  readonly text: string;
}

/** Variables of the commands. */
function environment(folder: TempFolder): Record<string, string> {
  return plainEnvironment({
    HOME: folder.path,
    DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
    PATH: `${folder.path}/bin:${Deno.env.get("PATH")}`,
  });
}

async function shell(folder: TempFolder, command: string): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", command],
    clearEnv: true,
    env: environment(folder),
    cwd: folder.path,
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Lines that need no shell. */
const PLAIN = /^rewind [^;<>|$]*$/;

/** One process that runs many commands, in the folder. */
class Runner implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;

  constructor(folder: TempFolder) {
    const program = new URL("run_examples.ts", import.meta.url).pathname;
    const [deno, ...words] = cliCommand(["-A"]);
    this.#process = new Deno.Command(deno!, {
      args: [...words.slice(0, -1), program],
      clearEnv: true,
      env: environment(folder),
      cwd: folder.path,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#output = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async run(command: string): Promise<Outcome> {
    const [, ...words] = split(command);
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(words)}\n`));
    let line = "";
    while (!line.endsWith("\n")) {
      const { value, done } = await this.#output.read();
      if (done) throw new Error(`it ended at ${command}`);
      line += value;
    }
    return JSON.parse(line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#output.cancel();
    await this.#process.status;
  }
}

Deno.test({
  name: "every example of every help text works, in their order",
  ignore: Deno.build.os === "windows",
  async fn(test) {
    await using folder = new TempFolder();
    await using runner = new Runner(folder);
    await prepare(folder, runner);
    const hasTraining = HAS_PYTHON && hasProgram("git");
    for (const { name, command: { examples } } of await loadVerbs()) {
      /** Each verb is a process of its own once, as people start it. */
      let isAlone = true;
      for (const { command } of examples) {
        const isLong = LONG.test(command) && Deno.env.get("REWIND_SLOW") !== "1";
        if (isLong || ELSEWHERE.test(command)) {
          await assertReads(command);
          continue;
        }
        const inShell = isAlone || !PLAIN.test(command);
        isAlone = false;
        await test.step({
          name: command,
          ignore: !hasTraining && /python3|jsonl/.test(command),
          async fn() {
            const { code, text } = await (inShell ? shell(folder, command) : runner.run(command));
            assertEquals(code, ANSWERS_NO.test(command) ? 1 : 0, `${name}: ${text}`);
          },
        });
      }
    }
  },
});
