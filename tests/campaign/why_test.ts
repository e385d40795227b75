import { assert, assertEquals, assertRejects } from "@std/assert";
import { explain, type WhyOptions } from "../../src/campaign/why.ts";
import { SandboxSession } from "../../src/sandbox/host/session.ts";
import type { RunRecord } from "../../src/engine/types.ts";
import { EXAMPLES } from "../cli/run_cli.ts";
import { readStep } from "../../src/sandbox/recorder/read_step.ts";

/** Heads at steps 40 and 80 are counted; t = 90 with both is the event. */
const COINS = `export const init = { heads: 0, t: 0 };
export const params = { fails: false };
export function step(s, rng, { fails }, t) {
  const coin = rng.random() < 0.5;
  if (fails && t === 89 && s.heads === 2) throw new Error("both");
  return { heads: s.heads + (coin && (t === 39 || t === 79) ? 1 : 0), t: s.t + 1 };
}`;

async function coins(session: SandboxSession, seed: bigint, fails: boolean): Promise<RunRecord> {
  return await session.record({ steps: 120, seed, params: { value: { fails } }, guards: false });
}

/** The first run that has both heads, and fails where it is to. */
async function lucky(fails: boolean): Promise<RunRecord> {
  await using session = new SandboxSession({ source: COINS });
  for (let seed = 0n;; seed++) {
    const record = await coins(session, seed, fails);
    const range = { from: 0, to: record.steps };
    if (await session.find(record, "(s) => s.heads === 2", range) !== undefined) return record;
  }
}

const ask = (record: RunRecord, options: WhyOptions) => explain(record, { source: COINS }, options);

Deno.test("explain names the two coins that made a run fail, with their draws and what they changed", async () => {
  const report = await ask(await lucky(true), { forks: 2000 });
  assertEquals([report.isFailure, report.happenedAt], [true, 90]);
  assertEquals(report.jumps.map(({ t }) => t).sort((a, b) => a - b), [40, 80]);
  const late = report.jumps.find(({ t }) => t === 80)!;
  assert(late.before.low <= 0.5 && 0.5 <= late.before.high);
  assertEquals([late.after.p, late.draws?.map(({ method }) => method)], [1, ["random"]]);
  assertEquals(late.changes, [
    { path: ".heads", before: 1, after: 2 },
    { path: ".t", before: 79, after: 80 },
  ]);
});

Deno.test("explain gives the same on any number of children, and refuses a run without an event", async () => {
  const record = await lucky(false);
  const where = "(s, t) => s.heads === 2 && s.t === 90 && t === 90";
  const one = await ask(record, { where, forks: 150, children: 1 });
  assertEquals(await ask(record, { where, forks: 150, children: 2 }), one);
  assertEquals(one.happenedAt, 90);
  await assertRejects(() => ask(record, {}), TypeError, "no event");
});

Deno.test("explain knows how long a run could have been, and what would have ended it", async () => {
  // From 0 to 3 before -1: 1 in 4; without ruin with more than 4 in 5. Ruin in 199 steps: 1 - C(199, 99) / 2^199.
  const source = `export const init = { x: 0 };
export const step = (s, rng) => ({ x: s.x + (rng.random() < 0.5 ? 1 : -1) });`;
  const ends = { steps: 200, until: "(s) => s.x < 0" };
  await using session = new SandboxSession({ source });
  for (const [where, chance] of [["(s) => s.x === 3", 0.25], ["(s) => s.x < 0", 0.943]] as const) {
    const record = await session.record({ ...ends, seed: 2n, guards: false });
    const { curve: [start] } = await explain(record, { source }, { ...ends, where, forks: 200 });
    assert(start!.low <= chance && chance <= start!.high, `${where}: ${start!.p}`);
  }
});

Deno.test({
  name: "explain finds the step that doomed a run of a million steps",
  ignore: Deno.env.get("REWIND_SLOW") !== "1",
  async fn() {
    const module = await readStep(`${EXAMPLES}late_nan.ts`);
    await using session = new SandboxSession(module);
    const record = await session.record({ steps: 1_000_000, seed: 7n });
    const { jumps } = await explain(record, module, { where: "(s) => Number.isNaN(s.value)" });
    assertEquals(jumps[0]?.t, 882_954);
  },
});
