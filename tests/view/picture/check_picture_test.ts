import { assert, assertEquals, assertThrows } from "@std/assert";
import { automaticPicture } from "../../../src/view/picture/automatic.ts";
import { checkPicture } from "../../../src/view/picture/check_picture.ts";
import type { GridLayer, PointsLayer } from "../../../src/view/picture/picture.ts";
import { Ranges } from "../../../src/view/picture/ranges.ts";

function grid(given: unknown, ranges = new Ranges()): GridLayer {
  return checkPicture(given, ranges).layers[0] as GridLayer;
}

Deno.test("checkPicture() takes one layer, a list of them, or layers with a box", () => {
  const text = { kind: "text", text: "a" };
  assertEquals(checkPicture(text, new Ranges()).layers.length, 1);
  assertEquals(checkPicture([text, text], new Ranges()).layers.length, 2);
  const { box } = checkPicture({ layers: [text], box: [0, 1, 2, 3] }, new Ranges());
  assertEquals(box, { left: 0, bottom: 1, right: 2, top: 3 });
});

Deno.test("a grid is a square, rows of some length, or an array of rows", () => {
  const cells = Int8Array.from([1, 2, 3, 4, 5, 6]);
  assertEquals(grid({ kind: "grid", values: cells.subarray(0, 4) }).columns, 2);
  const { columns, rows } = grid({ kind: "grid", values: cells, columns: 3 });
  assertEquals([columns, rows], [3, 2]);
  const nested = grid({ kind: "grid", values: [[1, 2, 3], Uint8Array.of(4, 5, 6)] });
  assertEquals([nested.columns, nested.rows, ...nested.values], [3, 2, 1, 2, 3, 4, 5, 6]);
});

Deno.test("few whole values are categories, values on both sides of zero diverge, others are in sequence", () => {
  const scaleOf = (values: number[]) => grid({ kind: "grid", values, columns: 2 }).coloring;
  assertEquals([...scaleOf([3, 1, 1, 3]).names], [[1, "1"], [3, "3"]]);
  assertEquals(scaleOf([0.5, -2, 1, 0]), {
    scale: "diverging",
    low: -2,
    high: 2,
    names: new Map(),
  });
  const { scale, low, high } = scaleOf([0.5, 2, 1, NaN]);
  assertEquals([scale, low, high], ["sequential", 0.5, 2]);
});

Deno.test("colors of one run cover what was seen before", () => {
  const ranges = new Ranges();
  grid({ kind: "grid", values: [0, 10.5, 1, 2] }, ranges);
  const { low, high } = grid({ kind: "grid", values: [3.5, 4, 4, 4] }, ranges).coloring;
  assertEquals([low, high], [0, 10.5]);
});

Deno.test("points of one run stay in place: they are shown in all the room that was seen before", () => {
  const ranges = new Ranges();
  const boxOf = (x: number[], y: number[]) => checkPicture({ kind: "points", x, y }, ranges).box;
  assertEquals(boxOf([0, 20, NaN], [0, 10, 5]), { left: -1, bottom: -1, right: 21, top: 11 });
  assertEquals(boxOf([8, 9], [2, 3]), { left: -1, bottom: -1, right: 21, top: 11 });
  assertEquals(boxOf([40], [5]), { left: -2, bottom: -2, right: 42, top: 12 });
  const overGrid = [{ kind: "grid", values: [0, 1, 1, 0] }, { kind: "points", x: [1], y: [1] }];
  assertEquals(checkPicture(overGrid, ranges).box, undefined, "a grid has its own place");
});

Deno.test("what is no picture is refused with the part that is wrong", () => {
  const cases: [unknown, RegExp][] = [
    [5, /it is no plain object/],
    [{ kind: "cube" }, /layer 0 has no `kind`/],
    [{ kind: "grid", values: [1, 2, 3] }, /3 values make no rows of 2: say how many `columns`/],
    [{ kind: "grid", values: [[1, 2], [3]] }, /row 1 has 1 cells, row 0 has 2/],
    [{ kind: "grid", values: ["a"] }, /something that is no number/],
    [{ kind: "points", x: [1], y: [1, 2] }, /`x` has 1 numbers and `y` 2/],
    [{ kind: "points", x: [1], y: [1], size: 1e9 }, /`size` is no number of pixels up to 100/],
    [{ kind: "graph", nodes: 2, edges: [0, 2] }, /an edge leads to node 2 of 2/],
    [{ kind: "graph", nodes: 1e9, edges: [] }, /`nodes` is not the number of nodes/],
    [{ kind: "bars", values: [1], names: ["a", "b"] }, /at most a name per bar/],
    [{ kind: "text", text: 5 }, /`text` is no text/],
    [{ layers: [], box: [1, 0, 0, 1] }, /`box` is not \[left, bottom, right, top\]/],
    [Array(33).fill({ kind: "text", text: "" }), /more than 32 layers/],
    [{ kind: "grid", values: { length: 1e12 } }, /no array of numbers/],
  ];
  for (const [given, problem] of cases) {
    const { message } = assertThrows(() => checkPicture(given, new Ranges()), TypeError);
    assert(problem.test(message), message);
  }
});

Deno.test("texts of a picture are cut and hold nothing that hides or acts", () => {
  const [layer] = checkPicture(
    { kind: "text", text: `a\x1b[31m\u202e${"b".repeat(999)}` },
    new Ranges(),
  )
    .layers as unknown as [{ text: string }];
  assert(layer.text.length <= 220, `${layer.text.length}`);
  // deno-lint-ignore no-control-regex -- what must not be there
  assertEquals(/[\x00-\x1f\u202e]/.test(layer.text), false);
});

Deno.test("automaticPicture() finds lattices and points, the nearest to the root first", () => {
  const kinds = (state: unknown) =>
    automaticPicture(state, new Ranges())?.layers.map(({ kind }) => kind);
  assertEquals(kinds(new Float64Array(25)), ["grid"]);
  assertEquals(
    kinds({ t: 1, world: { cells: [[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]] } }),
    [
      "grid",
    ],
  );
  const agents = [{ x: 1, y: 2, heading: 0.5 }, { x: 3, y: 4, heading: 1 }];
  const [points] = automaticPicture({ agents }, new Ranges())!.layers as [PointsLayer];
  assertEquals([[...points.x], [...points.heading!], points.path], [[1, 3], [0.5, 1], "agents"]);
  for (const state of [5, "text", new Float64Array(24), { x: 1, y: 2 }, [[1], [2]], null]) {
    assertEquals(kinds(state), undefined);
  }
});
