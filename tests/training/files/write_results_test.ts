import { assert, assertEquals, assertRejects } from "@std/assert";
import { jsonSafe, toJsonText } from "../../../src/training/files/json_text.ts";
import {
  OutputFileError,
  writePieces,
  writeTextFile,
} from "../../../src/training/files/write_results.ts";
import { withFolder } from "../support.ts";

Deno.test("writeTextFile() ends the file with a newline, and names the file that it cannot write", async () => {
  await withFolder(async (folder) => {
    await writeTextFile(`${folder}/a.txt`, "x");
    assertEquals(await Deno.readTextFile(`${folder}/a.txt`), "x\n");
    const error = await assertRejects(
      () => writeTextFile(`${folder}/none/b.txt`, "x"),
      OutputFileError,
    );
    assertEquals((error as OutputFileError).path, `${folder}/none/b.txt`);
  });
});

Deno.test({
  name: "writeTextFile() tells a full disk from other faults",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await assertRejects(() => writeTextFile("/dev/full", "x"), OutputFileError, "the disk is full");
    assert((await Deno.stat("/dev/full")).isCharDevice);
  },
});

Deno.test("writeTextFile() keeps the old text until the new one is whole, its mode, and a link to it", async () => {
  await withFolder(async (folder) => {
    await writeTextFile(`${folder}/a.txt`, "old");
    await Deno.chmod(`${folder}/a.txt`, 0o600);
    await Deno.symlink("a.txt", `${folder}/link`);
    const failing = function* (): Generator<string> {
      yield "half";
      throw new Error("no space");
    };
    await assertRejects(
      () => writePieces(`${folder}/a.txt`, failing()),
      OutputFileError,
      "no space",
    );
    assertEquals(await Deno.readTextFile(`${folder}/a.txt`), "old\n");
    await writeTextFile(`${folder}/link`, "new");
    assertEquals(await Deno.readTextFile(`${folder}/a.txt`), "new\n");
    assertEquals((await Deno.stat(`${folder}/a.txt`)).mode! & 0o777, 0o600);
    assertEquals([...Deno.readDirSync(folder)].length, 2);
  });
});

Deno.test("toJsonText() is JSON whatever it is given", () => {
  const value = {
    a: NaN,
    b: -Infinity,
    c: 2n ** 64n,
    d: 7n,
    e: undefined,
    f: Float64Array.of(1, NaN),
  };
  assertEquals(JSON.parse(toJsonText(value)), {
    a: "NaN",
    b: "-Infinity",
    c: "18446744073709551616",
    d: 7,
    e: null,
    f: [1, "NaN"],
  });
  assertEquals(jsonSafe(0.5), 0.5);
});
