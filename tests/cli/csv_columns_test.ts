import { assertEquals, assertThrows } from "@std/assert";
import { CsvColumns } from "../../src/cli/csv_columns.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

/** The lines of an export of states, and what it has no columns for. */
function csvOf(
  states: readonly unknown[],
  options: { keepFormulas?: boolean } = {},
): { lines: string[]; leftOut: Record<string, readonly string[]>; formulas: number } {
  const columns = new CsvColumns(options);
  for (let i = 0; i < states.length; i++) if (columns.collect(states[i])) i = -1;
  const lines = [columns.header(), ...states.map((state, t) => columns.row(t, state))];
  return { lines, leftOut: Object.fromEntries(columns.leftOut()), formulas: columns.formulas };
}

const REFERENCES = "objects that have columns elsewhere, or lie deeper than 200 levels";

Deno.test("CsvColumns has a column for each way to an object", () => {
  const people = [{ energy: 1 }, { energy: 2 }];
  const { lines, leftOut } = csvOf([
    { people, leader: people[1] },
    { people, leader: people[0] },
  ]);
  assertEquals(lines, [
    "t,people.0.energy,people.1.energy,leader.energy",
    "0,1,2,2",
    "1,1,2,1",
  ]);
  assertEquals(leftOut, {});
});

Deno.test("CsvColumns has what any state has: what grows, Maps, Sets, dates, parts that are null at first", () => {
  const { lines, leftOut } = csvOf([
    {
      t: 0,
      list: [1],
      m: new Map([["a", 1]]),
      s: new Set(["x"]),
      d: new Date(0),
      note: null,
      who: null,
    },
    {
      t: 1,
      list: [1, 2],
      m: new Map<unknown, unknown>([["a", 1], [1, 5], ["1", 6]]),
      s: new Set(),
      d: new Date(NaN),
      note: "hi",
      who: { id: 7 },
      grid: new Uint8Array([3]),
      big: 5n,
      gone: undefined,
    },
  ]);
  assertEquals(lines, [
    "t,state.t,list.0,m.a,s.0,d,note,list.1,m.1,state.m.1,who.id,grid.0,big,gone",
    "0,0,1,1,x,1970-01-01T00:00:00.000Z,,,,,,,,",
    "1,1,1,1,,Invalid Date,hi,2,5,6,7,3,5,",
  ]);
  assertEquals(leftOut, {});
});

Deno.test("CsvColumns never has two equal heads", () => {
  const states = [
    { "a.b": 1, a: { b: 2 }, t: 3, "state.t": 4, "": 5, "[0]": 6, state: { t: 7 } },
    { a: "text", dt: [1, 2] },
    { a: { b: 2 }, dt: { 0: 9, 1: 8 } },
    5,
    { state: 6 },
  ];
  const { lines } = csvOf(states);
  assertEquals(
    lines[0]!,
    't,"[""a.b""]",a.b,state.t,"[""state.t""]","[""""]","[""[0]""]",state.state.t,a,dt.0,dt.1,state,' +
      "state.state",
  );
  assertEquals(lines[3], "2,,2,,,,,,,9,8,,");
  assertEquals(lines[4], "3,,,,,,,,,,,5,");
});

Deno.test("CsvColumns tells an empty text from nothing, and -0 from 0", () => {
  assertEquals(csvOf([{ a: "", b: null, c: -0 }, {}]).lines, ["t,a,b,c", '0,"",,-0', "1,,,"]);
});

Deno.test("CsvColumns names what has no cells", () => {
  const key = {};
  const { lines, leftOut } = csvOf([
    { x: 1, m: new Map<unknown, unknown>([[key, 1], ["a", 2]]), raw: new ArrayBuffer(2) },
  ]);
  assertEquals(lines, ["t,x,m.a", "0,1,2"]);
  assertEquals(leftOut, {
    "entries of a Map whose keys are objects": ["m"],
    "bytes of an ArrayBuffer or DataView": ["raw"],
  });
});

Deno.test("CsvColumns writes no formulas, unless asked to", () => {
  const states = [{ "=key": "=1+1", n: -5, text: "-5" }];
  const { lines, formulas } = csvOf(states);
  assertEquals([lines, formulas], [["t,'=key,n,text", "0,'=1+1,-5,-5"], 1]);
  assertEquals(csvOf(states, { keepFormulas: true }).lines, ["t,=key,n,text", "0,=1+1,-5,-5"]);
});

Deno.test("CsvColumns does not follow an object into itself, and says so", () => {
  const agent: Record<string, unknown> = { id: 1 };
  agent.friend = { id: 2, friend: agent };
  const { lines, leftOut } = csvOf([agent]);
  assertEquals(lines[0], "t,id,friend.id");
  assertEquals(leftOut, { [REFERENCES]: ["friend.friend"] });
});

Deno.test("CsvColumns takes each object of a lattice or tower once", () => {
  const cells = Array.from({ length: 40 }, (_, value): { value: number; around: unknown[] } => ({
    value,
    around: [],
  }));
  cells.forEach(({ around }, i) => around.push(cells[(i + 1) % 40], cells[(i + 9) % 40]));
  // A state before it, which has few places, is collected again.
  const lattice = csvOf([[{ value: 1 }], cells]);
  assertEquals(lattice.lines[0], ["t", ...cells.map((_, i) => `${i}.value`)].join());
  assertEquals(lattice.leftOut[REFERENCES]!.length, 80);
  let tower: unknown = { x: 1 };
  for (let i = 0; i < 40; i++) tower = [tower, tower];
  assertEquals(csvOf([tower]).lines[0], `t,${"0.".repeat(40)}x`);
  let empty: unknown = {};
  for (let i = 0; i < 40; i++) empty = [empty, empty];
  assertThrows(() => csvOf([empty]), UsageError, "no columns");
});

Deno.test("CsvColumns goes down 200 levels of a list, and refuses too many columns", () => {
  let list: unknown = undefined;
  for (let value = 0; value < 100_000; value++) list = { value, next: list };
  const { lines, leftOut } = csvOf([list]);
  assertEquals(lines[0]!.split(",").length, 201);
  assertEquals(leftOut[REFERENCES]!.length, 1);
  assertThrows(() => csvOf([new Float64Array(20_000)]), UsageError, "more than 16384 columns");
});
