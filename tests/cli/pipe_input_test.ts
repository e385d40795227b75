import { assertEquals, assertRejects } from "@std/assert";
import { startsAsArtifact } from "../../src/cli/file_kind.ts";
import { artifactInput, inputText } from "../../src/cli/pipe_input.ts";
import { readStep } from "../../src/sandbox/recorder/read_step.ts";
import { isFingerprintFile } from "../../src/training/fingerprints/read_stream.ts";

const ignore = Deno.build.os !== "linux";

Deno.test({
  name: "files of the kernel and devices, which may never give a byte, are not read",
  ignore,
  async fn() {
    const { signal } = new AbortController();
    for (const path of ["/proc/kmsg", "/dev/zero"]) {
      assertEquals([await startsAsArtifact(path), await isFingerprintFile(path)], [false, false]);
    }
    assertEquals(await inputText("/proc/kmsg", signal), "");
    await assertRejects(() => inputText("/dev/zero", signal), Error, "'/dev/zero': it is no file");
    await assertRejects(
      () => readStep("/dev/zero"),
      Error,
      "Cannot load '/dev/zero': it is no file",
    );
  },
});

Deno.test({
  name: "the wait for a pipe ends with the signal, also one that came before",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    const reason = new DOMException("Interrupted", "AbortError");
    try {
      for (const [name, isBefore] of [["a", true], ["b", false]] as const) {
        const pipe = `${folder}/${name}`;
        await new Deno.Command("mkfifo", { args: [pipe] }).output();
        const stop = new AbortController();
        if (isBefore) stop.abort(reason);
        const input = artifactInput(pipe, stop.signal);
        if (!isBefore) stop.abort(reason);
        await assertRejects(() => input, DOMException, "Interrupted");
        // What is still being opened is let go.
        await Deno.writeTextFile(pipe, "");
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
