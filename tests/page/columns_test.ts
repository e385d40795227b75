import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  decodeColumn,
  decodeRuns,
  decodeSteps,
  encodeColumn,
  encodeRuns,
  encodeSteps,
} from "../../src/page/columns.ts";

/** Any numbers, some of them absent. */
const cells = fc.array(fc.option(fc.double(), { nil: undefined }), { maxLength: 200 });

function columnOf(values: readonly (number | undefined)[]) {
  return {
    values: Float64Array.from(values, (value) => value ?? NaN),
    present: Uint8Array.from(values, (value) => value === undefined ? 0 : 1),
  };
}

Deno.test("encodeColumn() keeps every bit and what is absent", () => {
  fc.assert(fc.property(cells, (values) => {
    const decoded = decodeColumn(encodeColumn(columnOf(values), { compact: false }));
    assertEquals(decoded.values.length, values.length);
    values.forEach((value, row) => {
      assertEquals(decoded.absent?.[row] === 1, value === undefined);
      assert(Object.is(decoded.values[row], value ?? NaN));
    });
  }));
});

Deno.test("encodeColumn() that is compact rounds by less than can be seen, or not at all", () => {
  fc.assert(fc.property(cells, (values) => {
    const decoded = decodeColumn(encodeColumn(columnOf(values), { compact: true })).values;
    const finite = values.filter((value) => Number.isFinite(value)) as number[];
    const range = Math.max(...finite) - Math.min(...finite);
    values.forEach((value, row) => {
      if (value === undefined || !Number.isFinite(value)) {
        assert(Object.is(decoded[row], value ?? NaN));
      } else assert(Math.abs(decoded[row]! - value) <= range / 4096);
    });
  }));
  const { kind } = encodeColumn(columnOf([1e9, 1e9 + 1, 1e9 + 2]), { compact: true });
  assertEquals(kind, "f64", "float32 has no numbers between 1e9 and 1e9 + 64");
  assertEquals(encodeColumn(columnOf([0.1, 0.7, 0.3]), { compact: true }).kind, "f32");
});

Deno.test("encodeColumn() of more bytes than one call of fromCharCode takes", () => {
  const values = Float64Array.from({ length: 50_000 }, (_, row) => Math.sqrt(row));
  const present = new Uint8Array(values.length).fill(1);
  assertEquals(
    decodeColumn(encodeColumn({ values, present }, { compact: false })).values,
    values,
  );
});

Deno.test("encodeRuns() is short for long runs and comes back as it was", () => {
  const rows = Uint32Array.from({ length: 100_000 }, (_, row) => row + 7);
  assert(encodeRuns(rows).length < 20);
  assertEquals(decodeRuns(encodeRuns(rows)), rows);
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(500), { maxLength: 300 }), (found) => {
      const ascending = Uint32Array.from(found).sort();
      assertEquals(decodeRuns(encodeRuns(ascending)), ascending);
    }),
  );
});

Deno.test("encodeSteps() finds the rule of regular steps and keeps all others", () => {
  const regular = Float64Array.from({ length: 1000 }, (_, row) => 100 + row * 10);
  assertEquals(encodeSteps(regular), { first: 100, stride: 10, count: 1000 });
  for (const steps of [regular, Float64Array.of(), Float64Array.of(5), Float64Array.of(0, 1, 3)]) {
    assertEquals(decodeSteps(encodeSteps(steps)), steps);
  }
});
