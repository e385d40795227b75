import { assertEquals, assertThrows } from "@std/assert";
import { CsvColumns } from "../../src/cli/csv_columns.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

Deno.test("CsvColumns has a column for each way to an object", () => {
  const people = [{ energy: 1 }, { energy: 2 }];
  const columns = new CsvColumns({ people, leader: people[1] });
  assertEquals(columns.header(), "t,people.0.energy,people.1.energy,leader.energy");
  assertEquals(columns.row(3, { people, leader: people[0] }), "3,1,2,1");
  assertEquals(columns.referencesLeftOut, 0);
});

Deno.test("CsvColumns does not follow an object into itself, and says so", () => {
  const agent: Record<string, unknown> = { id: 1 };
  agent.friend = { id: 2, friend: agent };
  const columns = new CsvColumns(agent);
  assertEquals(columns.header(), "t,id,friend.id");
  assertEquals(columns.referencesLeftOut, 1);
});

Deno.test("CsvColumns takes each object of a lattice or tower once", () => {
  const cells = Array.from({ length: 40 }, (_, value): { value: number; around: unknown[] } => ({
    value,
    around: [],
  }));
  cells.forEach(({ around }, i) => around.push(cells[(i + 1) % 40], cells[(i + 9) % 40]));
  const lattice = new CsvColumns(cells);
  assertEquals(lattice.header(), ["t", ...cells.map((_, i) => `${i}.value`)].join());
  assertEquals(lattice.referencesLeftOut, 80);
  let tower: unknown = { x: 1 };
  for (let i = 0; i < 40; i++) tower = [tower, tower];
  assertEquals(new CsvColumns(tower).header(), `t,${"0.".repeat(40)}x`);
  let empty: unknown = {};
  for (let i = 0; i < 40; i++) empty = [empty, empty];
  assertThrows(() => new CsvColumns(empty), UsageError, "no columns");
});

Deno.test("CsvColumns goes down 200 levels of a list", () => {
  let list: unknown = undefined;
  for (let value = 0; value < 100_000; value++) list = { value, next: list };
  const columns = new CsvColumns(list);
  assertEquals(columns.header().split(",").length, 201);
  assertEquals(columns.referencesLeftOut, 1);
});
