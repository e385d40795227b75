import { assert, assertEquals, assertRejects } from "@std/assert";
import { LOG_GZIP_RATIO_MAX } from "../../../src/training/limits.ts";
import { TrainingLogError } from "../../../src/training/log/errors.ts";
import { LogFile } from "../../../src/training/log/log_file.ts";
import { readRun } from "../../../src/training/log/read_run.ts";
import { readText, series, withFiles } from "./helpers.ts";

const ON_UNIX = { ignore: Deno.build.os === "windows" };

async function gzip(text: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text.slice();
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function makePipe(path: string): Promise<void> {
  assert((await new Deno.Command("mkfifo", { args: [path] }).output()).success);
}

function rows(from: number, to: number): string {
  let text = "";
  for (let step = from; step < to; step++) text += `{"step":${step},"loss":${step / 7}}\n`;
  return text;
}

Deno.test("LogFile gives all bytes once, whatever was looked at before", async () => {
  const text = rows(0, 50_000);
  await withFiles({ "a.jsonl": text }, async (directory) => {
    for (const headBytes of [0, 10, 1 << 16, 1 << 20, 1 << 24]) {
      const file = await LogFile.open(`${directory}/a.jsonl`);
      const head = await file.head(headBytes);
      assertEquals(new TextDecoder().decode(head), text.slice(0, headBytes));
      let read = "";
      for await (const chunk of file.chunks()) read += new TextDecoder().decode(chunk);
      assert(read === text);
    }
  });
});

Deno.test({
  name: "readRun() reads a pipe from its first byte to its last",
  ...ON_UNIX,
  fn: async () => {
    await withFiles({ "a.jsonl": rows(0, 30_000) }, async (directory) => {
      const pipe = `${directory}/pipe`;
      await makePipe(pipe);
      const reading = readRun(pipe);
      const writing = Deno.open(pipe, { write: true }).then(async (file) => {
        const source = await Deno.open(`${directory}/a.jsonl`);
        await source.readable.pipeTo(file.writable);
      });
      const log = await reading;
      await writing;
      assertEquals(log.steps.length, 30_000);
      assertEquals(log.columns.get("loss")!.values[29_999], 29_999 / 7);
    });
  },
});

Deno.test({
  name: "readRun() refuses a pipe without a writer, a device and a link to one",
  ...ON_UNIX,
  fn: async () => {
    await withFiles({}, async (directory) => {
      const pipe = `${directory}/pipe.jsonl`;
      await makePipe(pipe);
      await assertRejects(() => readRun(pipe), TrainingLogError, "no program writes");
      (await Deno.open(pipe, { read: true, write: true })).close();
      const stopper = new AbortController();
      setTimeout(() => stopper.abort(new Error("enough")), 20);
      await assertRejects(() => readRun(pipe, { signal: stopper.signal }), Error, "enough");
      (await Deno.open(pipe, { read: true, write: true })).close();
      await Deno.symlink("/dev/zero", `${directory}/metrics.jsonl`);
      await Deno.remove(pipe);
      for (const path of ["/dev/zero", `${directory}/metrics.jsonl`, directory]) {
        await assertRejects(() => readRun(path), TrainingLogError, "it is a device");
      }
    });
  },
});

Deno.test("readRun() reads gzip of several members, as appended logs have", async () => {
  const parts = [await gzip(rows(0, 3)), await gzip(rows(3, 5)), await gzip(rows(5, 6))];
  const log = await readText("a.jsonl.gz", new Uint8Array(parts.flatMap((part) => [...part])));
  assertEquals(series(log, "loss").map(([step]) => step), [0, 1, 2, 3, 4, 5]);
  const cut = parts[0]!.subarray(0, parts[0]!.length - 9);
  await assertRejects(() => readText("a.jsonl.gz", cut), TrainingLogError, "damaged or cut short");
});

Deno.test("readRun() refuses a gzip bomb and a sparse file soon, and in little memory", async () => {
  const blanks = new Uint8Array(1 << 20).fill(0x20);
  const member = await gzip(blanks);
  assert(blanks.length > member.length * LOG_GZIP_RATIO_MAX);
  const bomb = new Uint8Array(member.length * 6000);
  for (let at = 0; at < bomb.length; at += member.length) bomb.set(member, at);
  await withFiles({ "bomb.jsonl.gz": bomb, "sparse.jsonl": rows(0, 2) }, async (directory) => {
    await assertRejects(
      () => readRun(`${directory}/bomb.jsonl.gz`),
      TrainingLogError,
      "times its size",
    );
    await Deno.truncate(`${directory}/sparse.jsonl`, 2 ** 42);
    await assertRejects(
      () => readRun(`${directory}/sparse.jsonl`),
      TrainingLogError,
      "sparse file",
    );
  });
});
