import { assertEquals, assertThrows } from "@std/assert";
import { NewFile } from "../../src/disk/new_file.ts";
import { systemDisk } from "../../src/disk/system_disk.ts";
import { FileError } from "../../src/errors.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const names = (folder: string): string[] => [...Deno.readDirSync(folder)].map(({ name }) => name);

Deno.test("NewFile appears under its name only when it is whole", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/a.txt`;
    {
      using file = new NewFile(systemDisk(), path);
      file.write(bytes("one "));
      file.write(bytes("two"));
      assertEquals(names(folder).includes("a.txt"), false);
      file.finish();
    }
    assertEquals([names(folder), Deno.readTextFileSync(path)], [["a.txt"], "one two"]);
    assertThrows(() => new NewFile(systemDisk(), path), FileError, "it exists");
    {
      using file = new NewFile(systemDisk(), path, { overwrite: true });
      file.write(bytes("half"));
    }
    assertEquals([names(folder), Deno.readTextFileSync(path)], [["a.txt"], "one two"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("NewFile does not replace what has taken its name meanwhile", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/a.txt`;
    using file = new NewFile(systemDisk(), path);
    file.write(bytes("mine"));
    Deno.writeTextFileSync(path, "theirs");
    assertThrows(() => file.finish(), FileError, "it exists");
    assertEquals(Deno.readTextFileSync(path), "theirs");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
