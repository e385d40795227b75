import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { SandboxError } from "../../../src/errors.ts";
import { SandboxSession } from "../../../src/sandbox/host/session.ts";
import { recordIn } from "../in_sandbox.ts";

const ROOT = new URL("../../../", import.meta.url);
const COUNTER = "export const init = 0; export const step = (s) => s + 1;";

function stepping(body: string): string {
  return `export const init = { n: 0 }; export function step(s) { ${body}; return { n: s.n + 1 }; }`;
}

async function reasonOf(run: () => Promise<unknown>): Promise<string> {
  const error = await assertRejects(run, SandboxError);
  return (error as SandboxError).reason;
}

Deno.test("a child is killed at each of its limits, and says which", async () => {
  const [time, memory, output] = await Promise.all([
    reasonOf(() => recordIn(stepping("while (true)"), { timeoutMs: 500 })),
    reasonOf(() =>
      recordIn(stepping("const a = []; while (true) a.push(new Uint8Array(1e7).fill(1))"), {
        memoryBytesMax: 200e6,
      })
    ),
    reasonOf(() =>
      recordIn(
        "export const init = new Uint8Array(1e6); export const step = (s) => s;",
        { steps: 100, outputBytesMax: 3e6 },
      )
    ),
  ]);
  assertEquals([time, memory, output], ["timeout", "memory", "output"]);
});

Deno.test("an aborted pass ends at once; a recording keeps what it had", async () => {
  const stop = new AbortController();
  const slow = stepping("for (let i = 0; i < 1e5; i++) Math.sqrt(i)");
  const run = await recordIn(slow, {
    steps: 1e6,
    signal: stop.signal,
    onProgress: (t) => t >= 2000 ? stop.abort() : undefined,
  });
  assert(run.steps >= 2001 && run.steps < 1e6);
  assertEquals((run.steps - 1) % run.blockSize, 0);
  assertEquals(run.checkpoints.length, (run.steps - 1) / run.blockSize + 1);
  const early = new AbortController();
  await using session = new SandboxSession({
    source: stepping("while (true)"),
    signal: early.signal,
  });
  const pending = reasonOf(() =>
    session.describe().then(() => session.record({ steps: 9, seed: 1n }))
  );
  setTimeout(() => early.abort(), 300);
  assertEquals(await pending, "aborted");
});

Deno.test({
  name: "a job whose reader stops early leaves no child behind",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    // In a process of its own: test files that run beside this one start children in this one too.
    const script = `
      import { SandboxChild } from "${new URL("src/sandbox/host/sandbox_child.ts", ROOT)}";
      function children() {
        const tasks = "/proc/" + Deno.pid + "/task/";
        const lists = [...Deno.readDirSync(tasks)].map(({ name }) =>
          Deno.readTextFileSync(tasks + name + "/children"));
        return lists.join(" ").split(" ").filter(Boolean).length;
      }
      const child = new SandboxChild({ source: ${JSON.stringify(COUNTER)} });
      const job = child.run({
        kind: "record",
        steps: 1e7,
        seed: 1n,
        rng: undefined,
        blockSize: 100,
        params: [],
        paramChanges: [],
        start: undefined,
        origin: 0,
        gridOffset: 0,
        generatorState: undefined,
        budget: undefined,
        hasInputs: false,
        resume: undefined,
        mutate: undefined,
        until: undefined,
        observe: [],
        selfCheck: false,
        guards: true,
        marks: undefined,
      });
      await job.next();
      const during = children();
      await job.return(undefined);
      await child[Symbol.asyncDispose]();
      console.log(during, children());`;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--import-map=npm.import_map.json", "--lock=npm.deno.lock", script],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(new TextDecoder().decode(stdout), "1 0\n");
  },
});

Deno.test("a missing permission is told with the flag that grants it", async () => {
  const script = `
    import { SandboxSession } from "${new URL("src/sandbox/host/session.ts", ROOT)}";
    try { new SandboxSession({ source: "export const step = 1" }); } catch (e) { console.log(e.reason, e.message); }`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--import-map=npm.import_map.json",
      "--lock=npm.deno.lock",
      `data:application/typescript,${encodeURIComponent(script)}`,
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  assertMatch(
    new TextDecoder().decode(stdout),
    /^permission Cannot start the sandbox: .*--allow-run=\//,
  );
});

for (const doing of ["waiting for a job", "in an endless loop"]) {
  Deno.test({
    name: `a child dies with its parent while ${doing}`,
    ignore: Deno.build.os === "windows",
    fn: () =>
      outliveParent(
        doing === "waiting for a job" ? "describe()" : "record({ steps: 9, seed: 1n })",
      ),
  });
}

async function outliveParent(job: string): Promise<void> {
  const script = `
      import { SandboxSession } from "${new URL("src/sandbox/host/session.ts", ROOT)}";
      const session = new SandboxSession({ source: ${JSON.stringify(stepping("while (true)"))} });
      await session.${job};
      setInterval(() => {}, 1000);`;
  const parent = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--import-map=npm.import_map.json", "--lock=npm.deno.lock", script],
    cwd: ROOT,
    stdout: "null",
    stderr: "null",
  }).spawn();
  let children: number[] = [];
  while (children.length === 0) {
    await delay(50);
    children = await childrenOf(parent.pid);
  }
  await delay(1000);
  parent.kill("SIGKILL");
  await parent.status;
  for (let waited = 0; children.some(isAlive) && waited < 5000; waited += 20) await delay(20);
  assertEquals(children.filter(isAlive), []);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Process ids of the children of a process; empty where the system does not tell. */
async function childrenOf(pid: number): Promise<number[]> {
  const children: number[] = [];
  try {
    for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
      const text = await Deno.readTextFile(`/proc/${pid}/task/${name}/children`);
      children.push(...text.trim().split(" ").filter(Boolean).map(Number));
    }
  } catch {
    return [];
  }
  return children;
}

function isAlive(pid: number): boolean {
  try {
    return !/State:\s+Z/.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}
