import { assertEquals, assertRejects } from "@std/assert";
import { jsonSafe, toJsonText } from "../../../src/training/files/json_text.ts";
import { OutputFileError, writeTextFile } from "../../../src/training/files/write_file.ts";
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
  },
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
