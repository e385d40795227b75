import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { DENO_DISK } from "../../src/disk/deno_disk.ts";
import { takeLock } from "../../src/disk/lock.ts";
import {
  livenessOf,
  type ProcessIdentity,
  type ProcessTable,
  systemProcesses,
} from "../../src/disk/process_identity.ts";
import { FileError } from "../../src/errors.ts";
import { SimulatedDisk } from "./simulated_disk.ts";

const HERE: ProcessIdentity = { host: "here", pid: 7, boot: "b1", space: "s1", started: "70" };

/** What a process sees that runs as `self`, where the given processes run. */
function tableOf(self: ProcessIdentity, running: readonly ProcessIdentity[] = []): ProcessTable {
  return {
    self,
    isUsed: (pid) => running.some((process) => process.pid === pid),
    startOf: (pid) => running.find((process) => process.pid === pid)?.started ?? "",
  };
}

const NEXT: ProcessIdentity = { ...HERE, pid: 8, started: "80" };

function take(disk: SimulatedDisk, processes: ProcessTable) {
  return takeLock(disk, "/run.lock", { subject: "run.replay.part", beatMs: 5000, processes });
}

Deno.test("a lock is held by one process at a time, and leaves nothing behind", () => {
  const disk = new SimulatedDisk();
  const lock = take(disk, tableOf(HERE));
  assert(lock.isHeld());
  const error = assertThrows(() => take(disk, tableOf(NEXT, [HERE])), FileError);
  assertEquals(error.reason, "in-use");
  assertMatch(error.message, /^Cannot write 'run\.replay\.part': process 7 on this machine/);
  assertEquals(disk.paths(), ["/run.lock"]);
  lock.release();
  take(disk, tableOf(NEXT, [HERE])).release();
  assertEquals(disk.paths(), []);
});

Deno.test("the lock of a dead process is seen through at once", () => {
  const cases: [string, ProcessIdentity, ProcessTable][] = [
    ["its id is not in use", HERE, tableOf(NEXT)],
    ["its id belongs to another process", HERE, tableOf(NEXT, [{ ...HERE, started: "75" }])],
    ["the machine was started anew", HERE, tableOf({ ...NEXT, boot: "b2" }, [HERE])],
    ["it was this process's id in an earlier life", HERE, tableOf({ ...HERE, started: "99" })],
  ];
  for (const [why, holder, processes] of cases) {
    const disk = new SimulatedDisk();
    const left = take(disk, tableOf(holder));
    const lock = take(disk, processes);
    assert(lock.isHeld() && !left.isHeld(), why);
    // The one that was taken for dead does not take away what is not its own.
    left.release();
    assert(lock.isHeld(), why);
    assertEquals(disk.paths(), ["/run.lock"], why);
  }
});

Deno.test("a lock whose process cannot be looked for is held while it gives signs of life", () => {
  const elsewhere = tableOf({ ...NEXT, host: "there", space: "s2" }, []);
  const disk = new SimulatedDisk();
  const lock = take(disk, tableOf(HERE));
  const error = assertThrows(() => take(disk, elsewhere), FileError);
  assertMatch(error.message, /process 7 of machine 'here' is writing it \(last sign of life 0 s/);
  disk.nowMs += 45_000;
  lock.beat();
  disk.nowMs += 45_000;
  assertThrows(() => take(disk, elsewhere), FileError);
  assert(lock.isHeld());
  disk.nowMs += 10_000;
  const taken = take(disk, elsewhere);
  assert(taken.isHeld() && !lock.isHeld());
});

Deno.test("a lock that says nothing sensible is seen through", () => {
  for (const text of ["", "{}", "null", "[1]", '{"token":"x"', "x".repeat(5000)]) {
    const disk = new SimulatedDisk();
    disk.put("/run.lock", new TextEncoder().encode(text));
    assert(take(disk, tableOf(HERE)).isHeld(), text);
    assertEquals(disk.paths(), ["/run.lock"]);
  }
});

Deno.test("the system's table tells this process and one that ended", async () => {
  const table = systemProcesses();
  assertEquals(livenessOf(table.self, table), "alive");
  const child = new Deno.Command("true").spawn();
  await child.status;
  assertEquals(livenessOf({ ...table.self, pid: child.pid, started: "1" }, table), "dead");
});

Deno.test({
  name: "a process that ended counts as dead while nobody has asked for its exit code",
  ignore: Deno.build.os !== "linux",
  async fn() {
    // `sleep` takes the place of the shell, and never asks; the child ends once it has.
    const parent = new Deno.Command("sh", {
      args: ["-c", "exec 3<&0; sh -c 'read line' <&3 & echo $!; exec sleep 60"],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = parent.stdout.getReader();
    const pid = Number(new TextDecoder().decode((await reader.read()).value));
    const stat = () => Deno.readTextFileSync(`/proc/${pid}/stat`);
    while (Deno.readTextFileSync(`/proc/${parent.pid}/comm`) !== "sleep\n") {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await parent.stdin.close();
    while (!stat().includes(") Z ")) await new Promise((resolve) => setTimeout(resolve, 5));
    const table = systemProcesses();
    const started = stat().slice(stat().lastIndexOf(")") + 2).split(" ")[19]!;
    assertEquals(livenessOf({ ...table.self, pid, started }, table), "dead");
    parent.kill("SIGKILL");
    await parent.status;
    await reader.cancel();
  },
});

Deno.test("a lock of this process is seen by another one, whatever runtime it runs on", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/lock`;
  const options = { subject: "it", beatMs: 1000 };
  const lock = takeLock(DENO_DISK, path, options);
  const error = assertThrows(() => takeLock(DENO_DISK, path, options), FileError);
  assertEquals(error.reason, "in-use");
  lock.release();
  assertEquals(Array.from(Deno.readDirSync(folder)), []);
  await Deno.remove(folder, { recursive: true });
});
