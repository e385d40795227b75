import { assertEquals, assertRejects } from "@std/assert";
import { TrainingCommandError } from "../../../src/training/command/errors.ts";
import { openMetricsPlace } from "../../../src/training/command/metrics_place.ts";
import { ownName } from "../../../src/training/command/temporary_folder.ts";
import { withFolder } from "../support.ts";

/** A folder with the folder of a run in it. */
async function withPlace(
  body: (folder: string, open: (name: string) => ReturnType<typeof openMetricsPlace>) => Promise<
    void
  >,
): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/out`);
    await Deno.mkdir(`${folder}/cwd`);
    await body(folder, (name) =>
      openMetricsPlace(`${folder}/${name}`, {
        folder: `${folder}/out`,
        cwd: `${folder}/cwd`,
        program: "train",
      }));
  });
}

Deno.test("openMetricsPlace() frees the path, keeps what is written there and puts back what stood there", async () => {
  await withPlace(async (folder, open) => {
    await Deno.writeTextFile(`${folder}/log.csv`, "old");
    const place = await open("log.csv");
    assertEquals(await Deno.stat(`${folder}/log.csv`).catch(() => "free"), "free");
    await Deno.writeTextFile(`${folder}/log.csv`, "new");
    assertEquals(await place.close(), `${folder}/out/log.csv`);
    assertEquals(await Deno.readTextFile(`${folder}/log.csv`), "old");
    assertEquals(await Deno.readTextFile(`${folder}/out/log.csv`), "new");
  });
});

Deno.test("openMetricsPlace() tells that nothing was written", async () => {
  await withPlace(async (folder, open) => {
    assertEquals(await (await open("log.csv")).close(), undefined);
    await Deno.writeTextFile(`${folder}/log.csv`, "old");
    assertEquals(await (await open("log.csv")).close(), undefined);
    assertEquals(await Deno.readTextFile(`${folder}/log.csv`), "old");
  });
});

Deno.test("openMetricsPlace() takes the target of a link that the command makes, unless that is old", async () => {
  await withPlace(async (folder, open) => {
    const place = await open("latest");
    await Deno.mkdir(`${folder}/run-2`);
    await Deno.writeTextFile(`${folder}/run-2/log.csv`, "new");
    await Deno.symlink("run-2", `${folder}/latest`);
    assertEquals(await place.close(), `${folder}/out/latest`);
    assertEquals(await Deno.readTextFile(`${folder}/out/latest/log.csv`), "new");
    assertEquals(await Deno.lstat(`${folder}/latest`).catch(() => "gone"), "gone");
  });
});

Deno.test("openMetricsPlace() refuses what the command needs, what is in use, and what it cannot set aside", async () => {
  await withPlace(async (folder, open) => {
    await assertRejects(() => open("cwd"), TrainingCommandError, "name the log itself");
    await assertRejects(() => open("."), TrainingCommandError, "name the log itself");
    const own = await ownName();
    await Deno.writeTextFile(`${folder}/.log.csv.rewind-aside-${own}`, "of a replay under way");
    await assertRejects(() => open("log.csv"), TrainingCommandError, "is under way");
    await Deno.remove(`${folder}/.log.csv.rewind-aside-${own}`);
    await new Deno.Command("mkfifo", { args: [`${folder}/log.csv`] }).output();
    await assertRejects(() => open("log.csv"), TrainingCommandError, "neither a file nor a folder");
  });
});

Deno.test("openMetricsPlace() puts back what a killed replay set aside, or says where it is", async () => {
  await withPlace(async (folder, open) => {
    const child = new Deno.Command("true").spawn();
    await child.status;
    const aside = `${folder}/.log.csv.rewind-aside-${
      (await ownName()).replace(/\d+$/, String(child.pid))
    }`;
    await Deno.writeTextFile(aside, "old");
    await (await open("log.csv")).close();
    assertEquals(await Deno.readTextFile(`${folder}/log.csv`), "old");
    await Deno.rename(`${folder}/log.csv`, aside);
    await Deno.writeTextFile(`${folder}/log.csv`, "which?");
    await assertRejects(() => open("log.csv"), TrainingCommandError, aside);
    assertEquals(await Deno.readTextFile(aside), "old");
  });
});
