import { assert, assertEquals, assertThrows } from "@std/assert";
import { DENO_DISK } from "../../src/disk/deno_disk.ts";
import { nodeDisk } from "../../src/disk/node_disk.ts";
import type { ProcessTable } from "../../src/disk/process_identity.ts";
import { temporaryPath } from "../../src/disk/temporary.ts";
import { asFileError, planFile, writeBeside, writePlanned } from "../../src/disk/write_file.ts";
import { FileError } from "../../src/errors.ts";
import { belowFrom, SimulatedDisk } from "./simulated_disk.ts";
import type { FileFailure } from "../../src/error_types.ts";

const OLD = new TextEncoder().encode("old content");
const NEW = new TextEncoder().encode("new content, longer than the old");

/** A table of processes of which those below 100 run. */
function processes(pid: number, boot = "boot"): ProcessTable {
  return {
    self: { host: "here", pid, boot, space: "", started: `${pid}` },
    isUsed: (other) => other < 100,
    startOf: (other) => `${other}`,
  };
}

/** A process that is dead by the time that another one looks. */
const TABLE = processes(150);

function refused(reason: FileFailure, work: () => unknown): FileError {
  const error = assertThrows(work, FileError);
  assertEquals(error.reason, reason, error.message);
  return error;
}

function inFolder(use: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    use(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function names(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

for (const [name, disk] of [["Deno", DENO_DISK], ["Node", nodeDisk()]] as const) {
  Deno.test(`writePlanned() makes a new file and nothing else, with the calls of ${name}`, () =>
    inFolder((folder) => {
      const path = `${folder}/a`;
      const plan = planFile(disk, path);
      assertEquals(names(folder), []);
      assertEquals(writePlanned(plan, [NEW.subarray(0, 5), NEW.subarray(5)]), NEW.length);
      assertEquals(Deno.readFileSync(path), NEW);
      assertEquals(names(folder), ["a"]);
    }));

  Deno.test(`writePlanned() makes files with the longest names there are, with the calls of ${name}`, () =>
    inFolder((folder) => {
      for (const long of ["n".repeat(255), "é".repeat(127), "n".repeat(206)]) {
        writePlanned(planFile(disk, `${folder}/${long}`), [NEW]);
        assertEquals(Deno.readFileSync(`${folder}/${long}`), NEW);
      }
      assertEquals(names(folder).length, 3);
      refused("failed", () => planFile(disk, `${folder}/${"n".repeat(256)}`));
    }));

  Deno.test({
    name: `planFile() says that /proc takes no files, with the calls of ${name}`,
    ignore: Deno.build.os !== "linux",
    fn: () => void refused("denied", () => planFile(disk, "/proc/self/rewind")),
  });

  Deno.test(`writePlanned() keeps the mode, and the link to its target, with the calls of ${name}`, () =>
    inFolder((folder) => {
      Deno.mkdirSync(`${folder}/sub`);
      Deno.writeFileSync(`${folder}/sub/target`, OLD, { mode: 0o640 });
      Deno.symlinkSync("sub/target", `${folder}/link`);
      Deno.symlinkSync("link", `${folder}/twice`);
      writePlanned(planFile(disk, `${folder}/twice`, { overwrite: true }), [NEW]);
      assertEquals(Deno.readFileSync(`${folder}/sub/target`), NEW);
      assertEquals(Deno.statSync(`${folder}/sub/target`).mode! & 0o777, 0o640);
      assert(Deno.lstatSync(`${folder}/link`).isSymlink);
      assertEquals([names(folder), names(`${folder}/sub`)], [["link", "sub", "twice"], ["target"]]);
      Deno.symlinkSync("sub/new", `${folder}/dangling`);
      writePlanned(planFile(disk, `${folder}/dangling`), [NEW]);
      assertEquals(Deno.readFileSync(`${folder}/sub/new`), NEW);
    }));

  Deno.test(`planFile() refuses what a file must not replace, with the calls of ${name}`, () =>
    inFolder((folder) => {
      const force = { overwrite: true };
      Deno.writeFileSync(`${folder}/a`, OLD);
      refused("exists", () => planFile(disk, `${folder}/a`));
      planFile(disk, `${folder}/a`, force);
      refused("folder", () => planFile(disk, folder, force));
      refused("special", () => planFile(disk, "/dev/null", force));
      refused("missing", () => planFile(disk, `${folder}/none/a`, force));
      refused("missing", () => planFile(disk, `${folder}/a/b`, force));
      refused("failed", () => planFile(disk, `${folder}/${"x".repeat(300)}`, force));
      Deno.chmodSync(`${folder}/a`, 0o444);
      refused("foreign", () => planFile(disk, `${folder}/a`, force));
      Deno.symlinkSync("loop", `${folder}/loop`);
      assertThrows(() => planFile(disk, `${folder}/loop`, force));
      assertEquals(names(folder), ["a", "loop"]);
      assertEquals(Deno.readFileSync(`${folder}/a`), OLD);
    }));
}

Deno.test("writePlanned() does not replace a file that appeared meanwhile", () => {
  const disk = new SimulatedDisk();
  const plan = planFile(disk, "/a", { processes: TABLE });
  disk.put("/a", OLD);
  refused("exists", () => writePlanned(plan, [NEW]));
  assertEquals(disk.bytesOf("/a"), OLD);
  assertEquals(disk.paths(), ["/a"]);
});

Deno.test("writeBeside() keeps a result whose place was taken, or whose folder is gone", () => {
  const disk = new SimulatedDisk();
  disk.folders.add("/tmp");
  disk.put("/run.replay", OLD);
  disk.put("/run.1.replay", OLD);
  const result = { pieces: () => [NEW], processes: TABLE };
  assertEquals(writeBeside(disk, "/run.replay", result), "/run.2.replay");
  assertEquals(disk.bytesOf("/run.2.replay"), NEW);
  assertEquals(writeBeside(disk, "/gone/run.replay", result), undefined);
  const elsewhere = { ...result, folders: ["/tmp"] };
  assertEquals(writeBeside(disk, "/gone/run.replay", elsewhere), "/tmp/run.replay");
});

Deno.test("whenever the power goes, the path holds the old file or the new one", () => {
  const replaced = [true, false];
  for (const overwrite of replaced) {
    const run = (prepare: (disk: SimulatedDisk) => void): SimulatedDisk => {
      const disk = new SimulatedDisk();
      if (overwrite) disk.put("/a", OLD);
      prepare(disk);
      try {
        writePlanned(planFile(disk, "/a", { overwrite, processes: TABLE }), [NEW, NEW]);
      } catch (error) {
        assert(error instanceof FileError, String(error));
      }
      return disk;
    };
    const { operations } = run(() => {});
    const whole = new Uint8Array([...NEW, ...NEW]);
    let found = 0;
    for (let at = 0; at <= operations; at++) {
      for (let seed = 0; seed < 40; seed++) {
        const after = run((disk) => disk.powerOffAt = at).afterCrash(belowFrom(seed * 1000 + at));
        const content = after.entry("/a") && after.bytesOf("/a");
        if (content === undefined) assert(!overwrite);
        else if (equal(content, whole)) found++;
        else assertEquals(content, overwrite ? OLD : whole);
        // A dead process's temporary file is no obstacle, and is gone after the next one.
        const next = planFile(after, "/a", { overwrite: true, processes: processes(200) });
        writePlanned(next, [OLD]);
        assertEquals(after.paths(), ["/a"]);
      }
    }
    assert(found > 10, "no case in which the new file was durable");
  }
});

Deno.test("whatever call fails, the path holds the old file or the new one, and no other is left", () => {
  for (const code of ["ENOSPC", "EIO"]) {
    const run = (fault: SimulatedDisk["fault"]): [SimulatedDisk, unknown] => {
      const disk = new SimulatedDisk();
      disk.put("/a", OLD);
      disk.fault = fault;
      try {
        writePlanned(planFile(disk, "/a", { overwrite: true, processes: TABLE }), [NEW]);
        return [disk, undefined];
      } catch (error) {
        return [disk, error];
      }
    };
    const [{ operations }] = run(undefined);
    for (let at = 0; at < operations; at++) {
      const [disk, error] = run({ at, code });
      assert(error === undefined || error instanceof FileError, `${at}: ${error}`);
      // The last call makes a name durable that is there already.
      const isLast = at === operations - 1;
      assertEquals(disk.bytesOf("/a"), error === undefined || isLast ? NEW : OLD);
      if (disk.failed !== "remove") assertEquals(disk.paths(), ["/a"]);
      if (error instanceof FileError) {
        assertEquals(error.reason, code === "ENOSPC" ? "full" : "failed");
      }
    }
  }
});

Deno.test("planFile() cleans temporary files of dead processes, and of other machines once they are old", () => {
  const disk = new SimulatedDisk();
  const alive = temporaryPath("/a", processes(50));
  const dead = temporaryPath("/b", processes(500));
  const elsewhere = temporaryPath("/c", processes(500, "other boot"));
  const old = temporaryPath("/d", processes(50, "other boot"));
  const now = Date.now();
  for (const path of [alive, dead, elsewhere]) disk.put(path, OLD, now);
  disk.put(old, OLD, now - 48 * 3600 * 1000);
  disk.put("/mine.tmp", OLD, 0);
  planFile(disk, "/a", { processes: TABLE });
  assertEquals(disk.paths(), [alive, elsewhere, "/mine.tmp"].sort());
});

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

Deno.test("a failed call whose code the runtime does not name is told as the system says it", () => {
  for (
    const [text, reason, why] of [
      ["Stale file handle (os error 116)", "failed", "the network file system lost it (ESTALE)"],
      ["Disk quota exceeded (os error 122)", "full", "the quota of its owner is used up"],
      ["No medium found (os error 123)", "failed", "the system says: No medium found"],
    ] as const
  ) {
    const error = asFileError("/a", new Error(text)) as FileError;
    assertEquals([error.reason, error.why], [reason, why]);
  }
  const named = asFileError(
    "/a",
    Object.assign(new Error("x"), { code: "EREMOTEIO" }),
  ) as FileError;
  assertEquals(named.why, "the system says: EREMOTEIO");
  const other = new TypeError("x");
  assertEquals(asFileError("/a", other), other);
});
