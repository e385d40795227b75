import { assert, assertEquals } from "@std/assert";
import * as fs from "node:fs";
import { StdoutMetrics } from "../../../src/training/command/stdout_metrics.ts";
import { withFolder } from "../support.ts";

const ENCODER = new TextEncoder();

function pushed(path: string, text: string, chunkBytes: number): StdoutMetrics {
  const metrics = new StdoutMetrics(fs, path);
  const bytes = ENCODER.encode(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    metrics.push(bytes.subarray(at, at + chunkBytes));
  }
  return metrics;
}

Deno.test("StdoutMetrics keeps the JSON objects that stand alone on a line, in whatever chunks they come", async () => {
  await withFolder(async (folder) => {
    const long = `{"step":2,"note":"${"x".repeat(100_000)}"}`;
    const many = Array.from({ length: 5000 }, (_, step) => `{"step":${step + 3},"loss":0.125}`);
    const text = [
      "start",
      '{"step":1}',
      '  {"step":1.5} \\r',
      "{cut",
      "}",
      "[]",
      "",
      " ",
      long,
      ...many,
    ]
      .join("\n").replace("\\r", "\r");
    const expected = ['{"step":1}', '{"step":1.5}', long, ...many, ""].join("\n");
    for (const chunkBytes of [7, 65_536, text.length]) {
      const metrics = pushed(`${folder}/${chunkBytes}.jsonl`, text, chunkBytes);
      assert(metrics.end());
      assertEquals(metrics.error, undefined);
      assertEquals(await Deno.readTextFile(metrics.path), expected);
    }
  });
});

Deno.test("StdoutMetrics makes no log where there are none, and says why it could not keep them", async () => {
  await withFolder(async (folder) => {
    const none = pushed(`${folder}/none.jsonl`, "loss 0.5\n{\n", 64);
    assert(!none.end());
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    const nowhere = pushed(`${folder}/missing/a.jsonl`, '{"step":1}\n', 64);
    assert(!nowhere.end());
    assert(/no such file/i.test(nowhere.error!), nowhere.error);
    const full = pushed("/dev/full", '{"step":1}\n'.repeat(10_000), 64);
    assert(full.end());
    assert(/space/i.test(full.error!), full.error);
  });
});
