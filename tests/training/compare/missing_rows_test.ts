import { assertEquals } from "@std/assert";
import { missingRows } from "../../../src/training/compare/missing_rows.ts";
import type { RunLog } from "../../../src/training/log/run_log.ts";
import { makeLog } from "../support.ts";

/** A log without steps, whose rows are counted. */
function counted(loss: readonly (number | undefined)[]): RunLog {
  const log = makeLog(loss.map((_, row) => row), { loss });
  return { ...log, issues: [{ kind: "implied_steps", count: 1, examples: [] }] };
}

const LOSS = [5, 4, NaN, 3, undefined, 2, 1];
const without = (from: number, to: number) => counted(LOSS.filter((_, i) => i < from || i >= to));

Deno.test("missingRows() names the rows that one log lacks, where no steps tell", () => {
  const full = counted(LOSS);
  assertEquals(
    missingRows(full, without(2, 3), ["loss"]),
    "row 2 of the first log is missing in the second, whose further rows are the same, 1 earlier",
  );
  assertEquals(
    missingRows(without(1, 4), full, ["loss"]),
    "rows 1 to 3 of the second log are missing in the first, whose further rows are the same, 3 earlier",
  );
});

Deno.test("missingRows() says nothing of logs that end early, differ otherwise or have steps", () => {
  const full = counted(LOSS);
  assertEquals(missingRows(full, full, ["loss"]), undefined);
  assertEquals(missingRows(full, without(6, 7), ["loss"]), undefined);
  assertEquals(missingRows(full, counted([5, 4, 3, 9, 2, 1]), ["loss"]), undefined);
  const stepped = makeLog([0, 1, 3], { loss: [5, 4, 3] });
  assertEquals(missingRows(full, stepped, ["loss"]), undefined);
});
