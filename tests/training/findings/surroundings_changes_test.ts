import { assertEquals } from "@std/assert";
import { readSurroundings } from "../../../src/training/command/surroundings.ts";
import { surroundingsChanges } from "../../../src/training/findings/surroundings_changes.ts";

const surroundings = (facts: Record<string, string>) => ({ facts, imported: [], written: [] });

Deno.test("surroundingsChanges() names the user's own thread count where rewind pins another one", async () => {
  const { surroundings: { facts } } = await readSurroundings({
    before: {},
    after: {},
    environment: { VECLIB_MAXIMUM_THREADS: "1", MKL_NUM_THREADS: "3" },
    python: { facts: {}, imported: [] },
  });
  const own = "own variable VECLIB_MAXIMUM_THREADS";
  assertEquals(facts[own], "not set");
  // The command's words chose this one themselves: it is in force.
  assertEquals(facts["own variable MKL_NUM_THREADS"], undefined);

  const changes = surroundingsChanges(
    surroundings({ ...facts, cores: "2", "package numpy": "1" }),
    surroundings({ ...facts, [own]: "8", cores: "1", "package numpy": "1" }),
  );
  assertEquals(changes.map(({ name }) => name), [own, "cores"]);
  assertEquals(
    changes[0]!.text,
    "your VECLIB_MAXIMUM_THREADS: not set -> 8; it has no effect here, as rewind sets 1 for the " +
      "baseline and for the replay (--without threads)",
  );
});

Deno.test("surroundingsChanges() is silent about what one side could not know", () => {
  const [pinned, free] = [
    surroundings({ "variable OMP_NUM_THREADS": "1", "own variable OMP_NUM_THREADS": "not set" }),
    surroundings({ "variable OMP_NUM_THREADS": "4" }),
  ];
  const named = surroundingsChanges(pinned, free).map(({ text }) => text);
  assertEquals(named, ["variable OMP_NUM_THREADS: 1 -> 4"]);
});
