import { assertEquals } from "@std/assert";
import { encodeState } from "../../src/codec/encode_state.ts";
import { recordRun } from "../../src/engine/record.ts";
import { verifySpans } from "../../src/engine/verify.ts";

interface Group {
  people: { energy: number }[];
  leader: { energy: number };
}

function makeGroup(): Group {
  const people = [0, 1, 2].map(() => ({ energy: 0 }));
  return { people, leader: people[2]! };
}

Deno.test("verifySpans() passes equal values that share other objects, and reports them", () => {
  const record = recordRun((s: Group) => s, { init: makeGroup(), steps: 9, blockSize: 3, seed: 1 });
  const apart = encodeState({ ...makeGroup(), leader: { energy: 0 } });
  const report = verifySpans(
    record,
    (block) => block === 1 ? apart : record.checkpoints.bytesAt(0),
    { full: true, spans: { from: 0, to: 3 }, start: undefined },
  );
  assertEquals(report, {
    ok: true,
    blocks: 3,
    checked: 3,
    badBlocks: [],
    otherSharing: [{
      block: 1,
      to: 6,
      difference: {
        path: "state.leader",
        expected: "the same object as state.people[2]",
        actual: "an object of its own",
      },
    }],
  });
});

Deno.test("verifySpans() fails where values differ, whatever is shared", () => {
  const record = recordRun((s: Group) => s, { init: makeGroup(), steps: 9, blockSize: 3, seed: 1 });
  const other = encodeState({ ...makeGroup(), leader: { energy: 1 } });
  const report = verifySpans(record, () => other, {
    full: true,
    spans: { from: 0, to: 3 },
    start: undefined,
  });
  assertEquals(report.badBlocks.map(({ difference }) => difference?.path), [
    "state.leader.energy",
    "state.leader.energy",
    "state.leader.energy",
  ]);
  assertEquals(report.otherSharing, []);
});
