import { assert, assertEquals } from "@std/assert";
import {
  makeTemporaryFolder,
  mayRun,
  ownName,
} from "../../../src/training/command/temporary_folder.ts";

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = new Deno.Command("true").spawn();
  await child.status;
  return child.pid;
}

Deno.test("makeTemporaryFolder() deletes folders of processes that were killed, and no others", async () => {
  const mine = await makeTemporaryFolder("cwd");
  const stale = mine.replace(`-${Deno.pid}-`, `-${await deadPid()}-`);
  const foreign = mine.replace(/rewind-cwd-\w+-\d+/, `rewind-cwd-elsewhere-${await deadPid()}`);
  await Deno.mkdir(stale);
  await Deno.mkdir(foreign);
  const second = await makeTemporaryFolder("cwd");
  try {
    assert((await Deno.stat(mine)).isDirectory);
    assert((await Deno.stat(foreign)).isDirectory);
    assertEquals(await Deno.stat(stale).catch(() => "gone"), "gone");
  } finally {
    for (const folder of [mine, foreign, second]) await Deno.remove(folder);
  }
});

Deno.test("mayRun() tells the living from the dead on this machine, and spares the rest", async () => {
  const own = await ownName();
  assert(await mayRun(own));
  assert(!await mayRun(own.replace(/\d+$/, String(await deadPid()))));
  assert(await mayRun("elsewhere-1"));
});
