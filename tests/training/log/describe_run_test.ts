import { assertEquals } from "@std/assert";
import { describeRun } from "../../../src/training/log/describe_run.ts";
import { readText } from "./helpers.ts";

Deno.test("describeRun() counts steps, gaps, NaN and infinities and survives JSON", async () => {
  const log = await readText(
    "a.jsonl",
    '{"step":0,"loss":2,"seed":18446744073709551616}\n{"step":1,"loss":NaN}\n{"step":2,"loss":-1}\n' +
      '{"step":3,"loss":Infinity,"step_time":0.5}\n{"step":9,"loss":0.5}\n',
  );
  const description = describeRun(log);
  assertEquals(description.steps, { count: 5, first: 0, last: 9, stride: 1, gaps: 1 });
  assertEquals(description.metrics[0], {
    name: "loss",
    canonical: "loss",
    count: 5,
    nan: 1,
    infinite: 1,
    empty: 0,
    min: -1,
    max: 2,
    first: 2,
    last: 0.5,
    float32: false,
    timing: false,
  });
  assertEquals(description.metrics[1]?.timing, true);
  assertEquals(description.numbers, { understood: 6, missed: 0, firstMissed: undefined });
  const { seeds } = JSON.parse(JSON.stringify(description));
  assertEquals(seeds[0].value, "18446744073709551616");
});
