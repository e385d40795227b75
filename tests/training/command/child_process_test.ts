import { assert, assertEquals, assertRejects } from "@std/assert";
import { TrainingCommandError } from "../../../src/training/command/errors.ts";
import {
  type ChildOptions,
  type ChildResult,
  runChild,
  StopRequest,
} from "../../../src/training/command/child_process.ts";
import { CHILD_OUTPUT_BYTES_MAX } from "../../../src/training/limits.ts";
import { isRunning, withFolder } from "../support.ts";

async function run(
  folder: string,
  argv: readonly string[],
  options: Partial<ChildOptions> = {},
): Promise<ChildResult> {
  return await runChild(argv, {
    env: { PATH: Deno.env.get("PATH") ?? "" },
    cwd: folder,
    stdoutPath: `${folder}/stdout.log`,
    stderrPath: `${folder}/stderr.log`,
    ...options,
  });
}

/** A duration that no other process sleeps for, so that strays can be found by it. */
function sleepTime(): string {
  return `${500 + Math.floor(Math.random() * 1e6)}.25`;
}

Deno.test("runChild() keeps both streams and the exit code", async () => {
  await withFolder(async (folder) => {
    const result = await run(folder, ["sh", "-c", "echo out; echo err >&2; exit 3"]);
    assertEquals(result.end, "exited");
    assertEquals(result.exitCode, 3);
    assertEquals(result.stderrTail, "err");
    assertEquals(await Deno.readTextFile(`${folder}/stdout.log`), "out\n");
    assertEquals(await Deno.readTextFile(`${folder}/stderr.log`), "err\n");
  });
});

Deno.test("runChild() says why a program cannot be started", async () => {
  await withFolder(async (folder) => {
    await assertRejects(
      () => run(folder, ["no-such-program"]),
      TrainingCommandError,
      "no such program",
    );
    await Deno.writeTextFile(`${folder}/plain.sh`, "echo");
    await assertRejects(
      () => run(folder, [`${folder}/plain.sh`]),
      TrainingCommandError,
      "not executable",
    );
    await assertRejects(
      () => run(folder, ["true"], { cwd: `${folder}/none` }),
      TrainingCommandError,
      "working directory does not exist",
    );
  });
});

Deno.test("runChild() tells a death by signal from an exit", async () => {
  await withFolder(async (folder) => {
    const result = await run(folder, ["sh", "-c", "kill -9 $$"]);
    assertEquals(result.end, "signaled");
    assertEquals(result.killedBy, "SIGKILL");
    assertEquals(result.exitCode, undefined);
  });
});

// rldk kills the shell at its time limit, and leaves what the shell started.
Deno.test("runChild() kills the whole tree at its time limit", async () => {
  await withFolder(async (folder) => {
    const time = sleepTime();
    const result = await run(folder, ["sh", "-c", `sleep ${time} & sh -c 'sleep ${time}'`], {
      timeoutMs: 200,
    });
    assertEquals(result.end, "timeout");
    assert(!isRunning(`sleep ${time}`));
  });
});

Deno.test("runChild() kills a child that ignores SIGTERM", async () => {
  await withFolder(async (folder) => {
    const time = sleepTime();
    const result = await run(folder, ["sh", "-c", `trap '' TERM; sleep ${time}; sleep ${time}`], {
      timeoutMs: 100,
    });
    assertEquals(result.end, "timeout");
    assert(!isRunning(`sleep ${time}`));
  });
});

Deno.test("runChild() leaves no process behind, in another session either", async () => {
  await withFolder(async (folder) => {
    const time = sleepTime();
    const script = `setsid sleep ${time} & sleep ${time} & sleep 0.2; exit 0`;
    const result = await run(folder, ["sh", "-c", script]);
    assertEquals(result.end, "exited");
    assert(result.leftBehind >= 1);
    assert(!isRunning(`sleep ${time}`));
  });
});

Deno.test("runChild() tells an interruption from a stop that was asked for", async () => {
  await withFolder(async (folder) => {
    for (
      const [reason, end] of [[undefined, "interrupted"], [new StopRequest("seen"), "stopped"]]
    ) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 100);
      const result = await run(folder, ["sleep", sleepTime()], { signal: controller.signal });
      assertEquals(result.end, end);
    }
    const result = await run(folder, ["sleep", "9"], { signal: AbortSignal.abort() });
    assertEquals(result.end, "interrupted");
  });
});

Deno.test("runChild() bounds what it keeps of a flood of output, and does not stop the child", async () => {
  await withFolder(async (folder) => {
    const megabytes = CHILD_OUTPUT_BYTES_MAX / 2 ** 20 + 20;
    const result = await run(folder, ["dd", "if=/dev/zero", "bs=1048576", `count=${megabytes}`]);
    assertEquals(result.exitCode, 0);
    assertEquals(result.stdoutBytes, megabytes * 2 ** 20);
    assertEquals((await Deno.stat(`${folder}/stdout.log`)).size, CHILD_OUTPUT_BYTES_MAX);
  });
});

Deno.test("runChild() goes on if its output cannot be kept, and says why", async () => {
  await withFolder(async (folder) => {
    const result = await run(folder, ["echo", "x"], { stdoutPath: "/dev/full" });
    assertEquals(result.exitCode, 0);
    assert(/space/i.test(result.outputError!), result.outputError);
  });
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`runChild() takes the child along when ${signal} ends this process`, async () => {
    await withFolder(async (folder) => {
      const time = sleepTime();
      const script = `import { runChild } from ${
        JSON.stringify(
          new URL("../../../src/training/command/child_process.ts", import.meta.url).href,
        )
      };
        setTimeout(() => Deno.kill(Deno.pid, "${signal}"), 300);
        await runChild(["sh", "-c", "sleep ${time} & sleep ${time}"], {
          env: { PATH: Deno.env.get("PATH") }, cwd: ".", stdoutPath: "out", stderrPath: "err",
        });`;
      await Deno.writeTextFile(`${folder}/run.ts`, script);
      const map = new URL("../../../npm.import_map.json", import.meta.url).href;
      const { signal: endedBy } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", "--no-lock", `--import-map=${map}`, "run.ts"],
        cwd: folder,
      }).output();
      assertEquals(endedBy, signal);
      // The guard does it where the signal came before this process could.
      for (let tries = 0; tries < 100 && isRunning(`sleep ${time}`); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert(!isRunning(`sleep ${time}`));
    });
  });
}
