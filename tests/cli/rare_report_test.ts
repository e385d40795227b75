import { assertEquals } from "@std/assert";
import { type RareReportOptions, reportRare } from "../../src/cli/rare_report.ts";
import { memoryOutput } from "./memory_output.ts";

Deno.test("the report of a splitting has three digits, however large a number is", async () => {
  const output = memoryOutput();
  const result = {
    ...{ p: 9.3132e-10, low: 7.1e-10, high: 1.2e-9, logError: 0.1, spread: 1, warnings: [] },
    ...{ steps: 41_203_118, repeats: 10, crudeSteps: 170_223_000_000_000, lineage: undefined },
  };
  const options = { folder: undefined, json: false } as unknown as RareReportOptions;
  assertEquals(await reportRare(output, result, options), 0);
  assertEquals(output.lines, [
    "probability 9.31e-10 (95%: 7.1e-10 to 1.2e-9)",
    "10 repeats, 41,203,118 steps; crude Monte Carlo would need about 1.7e+14",
  ]);
});
