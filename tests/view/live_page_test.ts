/** The live page in real browsers. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { record } from "../../src/artifact/run.ts";
import { RNG_NAMES, type RngName } from "../../src/rng/backends.ts";
import { openRun } from "../../src/sandbox/host/open_run.ts";
import { SandboxSession } from "../../src/sandbox/host/session.ts";
import { openRecord } from "../../src/artifact/open_record.ts";
import { readStep } from "../../src/sandbox/recorder/read_step.ts";
import { SavedRecord } from "../../src/artifact/saved_record.ts";
import { renderLivePage } from "../../src/view/live_page.ts";
import { toHex } from "../../src/bytes/hex.ts";
import { artifactOf, WALK, WALK_SOURCE } from "../cli/fixtures.ts";
import {
  ask,
  eventually,
  fromBase64,
  type LiveStep,
  type Opened,
  testInBothBrowsers,
  textOf,
} from "../page/two_browsers.ts";
import { forgedRecord, parseModule } from "../sandbox/corpus.ts";

const IS_SLOW = Deno.env.get("REWIND_SLOW") === "1";

const EMPTY = () =>
  renderLivePage({
    title: "rewind",
    artifact: undefined,
    data: {
      file: "",
      step: undefined,
      observe: undefined,
      range: undefined,
      getCommand: "rewind get",
    },
    tool: "rewind 9.9.9",
  });

/** A run of a backend, whose draws are of several kinds. */
function bytesOf(rng: RngName): Promise<Uint8Array> {
  const source = `export const init = { x: 0, y: [0, 0] };
export const step = ({ x, y }, rng) => ({
  x: x + ${rng === "numpy" ? "rng.standardNormal()" : "rng.gauss(0, 1)"},
  y: [Math.sin(y[0] + rng.random()), y[1] + Math.exp(-rng.random())],
});`;
  return recorded(source, { rng, steps: 300 });
}

async function recorded(
  source: string,
  { steps, rng = "python", inputs }: {
    readonly steps: number;
    readonly rng?: RngName;
    readonly inputs?: readonly unknown[] | undefined;
  },
): Promise<Uint8Array> {
  await using session = new SandboxSession({ source });
  const options = { steps, rng, seed: 5n, stepId: "m.js" };
  const run = await session.record({
    ...options,
    ...(inputs === undefined ? {} : { inputs: ReadableStream.from([inputs]) }),
  });
  return await new SavedRecord(run).toBytes();
}

/** States at some t of the open run, in hexadecimal. */
const STATES = (ts: readonly number[]) =>
  `(async () => {
    const found = [];
    for (const t of ${JSON.stringify(ts)}) {
      const bytes = await rewind.run.getBytes(t);
      found.push([...bytes].map((b) => b.toString(16).padStart(2, "0")).join(""));
    }
    return found;
  })()`;

const VERDICT = `rewind.verify().then(({ report: { ok, checked, badBlocks }, cause }) =>
  ({ ok, checked, bad: badBlocks.length, cause: cause ?? null }))`;

const FORK = `(async () => {
  const t = 20;
  const bytes = await rewind.run.getBytes(t);
  const fork = await rewind.fork(rewind.live,
    { t, start: bytes, isChanged: false, params: undefined, seed: "same", steps: Math.min(150, rewind.live.steps - t), name: "f" });
  return btoa(String.fromCharCode(...await fork.run.toBytes()));
})()`;

const LONG_FORK = `(async () => {
  const fork = await rewind.fork(rewind.live, { t: 20, start: await rewind.run.getBytes(20),
    isChanged: false, params: undefined, seed: undefined, steps: rewind.live.steps - 20, name: "f" });
  return btoa(String.fromCharCode(...await fork.run.toBytes()));
})()`;

/** All step modules of the examples. */
const EXAMPLES = [...Deno.readDirSync(new URL("../../examples/", import.meta.url))]
  .map(({ name }) => name).filter((name) => name.endsWith(".ts") && name !== "demo.ts").sort();

/** What players of the lockstep examples press. */
async function keysOf(example: string): Promise<unknown[] | undefined> {
  if (!example.startsWith("lockstep")) return undefined;
  const keys = new URL("../../examples/lockstep_keys.jsonl", import.meta.url);
  return (await Deno.readTextFile(keys)).trim().split("\n").map((line) => JSON.parse(line));
}

/** So many places of a run by chance; those of a failure are in its message. */
function randomPlaces(count: number, steps: number): number[] {
  return Array.from({ length: count }, () => Math.floor(steps * Math.random()));
}

/** What the page makes of a run is what Deno makes of it, and a fork that it saves verifies here. */
async function agrees(
  { page, open, problem }: Opened,
  bytes: Uint8Array,
  { count, rng }: { count: number; rng: RngName },
): Promise<void> {
  await open(bytes);
  assertEquals(await problem(), "");
  await using run = await openRun(bytes, {});
  const ts = randomPlaces(count, run.steps);
  const here: string[] = [];
  for (const t of ts) here.push(toHex(await run.getBytes(t)));
  assertEquals(await ask<string[]>(page, STATES(ts)), here, `${rng} at ${ts}`);
  assertEquals(await ask(page, "rewind.run.contentHash()"), await run.contentHash());
  const verdict = { ok: true, checked: run.record.checkpoints.length, bad: 0, cause: null };
  assertEquals(await ask(page, VERDICT), verdict, rng);
  const fork = fromBase64(await ask<string>(page, FORK));
  await using opened = await openRun(fork, {});
  assert((await opened.verify({ full: true })).ok);
  assertEquals(await opened.get(57), await run.get(77), "the parent's draws");
}

const STEPS: LiveStep[] = [
  {
    name: "states, content hash, verdict and a saved fork are those of Deno, for every backend",
    async body(opened) {
      for (const rng of RNG_NAMES) await agrees(opened, await bytesOf(rng), { count: 10, rng });
    },
  },
  ...(IS_SLOW
    ? EXAMPLES.map((example): LiveStep => ({
      name: `so they are for ${example}, with every backend that it can use`,
      async body(opened) {
        const path = new URL(`../../examples/${example}`, import.meta.url).pathname;
        const { source } = await readStep(path);
        const inputs = await keysOf(example);
        const steps = inputs === undefined ? 200 : inputs.length + 1;
        let count = 0;
        for (const rng of RNG_NAMES) {
          const bytes = await recorded(source, { rng, steps, inputs }).catch(() => undefined);
          if (bytes === undefined || (await openRecord(bytes)).info.failure !== undefined) continue;
          await agrees(opened, bytes, { count: 100, rng });
          count++;
        }
        assert(count >= 2, `${count}`);
      },
    }))
    : []),
  {
    name:
      "Verify tells the verdict, the engine and whose code it ran; a changed state has its cause",
    async body({ page, open, problem }) {
      await open(artifactOf(WALK));
      await page.click("#verify");
      await eventually(async () => /Verified|No verdict/.test(await textOf(page, "verdict")));
      assertMatch(
        await textOf(page, "verdict"),
        /^Verified: 32 of 32 blocks replay bit for bit .*(V8 of Chrome|SpiderMonkey of Firefox).*the code that the file carries \(sha256 [0-9a-f]{12}…\).*honest/,
      );
      const other = WALK_SOURCE.replace("< 0.5", "< 0.4");
      const { record: portable } = await openRun(await recorded(WALK_SOURCE, { steps: 100 }), {});
      await open(artifactOf({ ...portable, source: other }));
      assertEquals(await problem(), "");
      const { ok, cause } = await ask<{ ok: boolean; cause: string }>(page, VERDICT);
      assertEquals([ok, cause], [false, "states changed"]);
    },
  },
  {
    name: "an error has its place in the author's file; a stack tells steps what it tells in Deno",
    async body({ page, open }) {
      const bytes = await recorded(
        `export const init = { n: 0, stack: "" };
const fail = (n) => { if (n > 30) throw new Error("enough"); };
export const step = ({ n }) => {
  fail(n);
  const target = {};
  Error.captureStackTrace(target);
  return { n: n + 1, stack: new Error("x").stack + target.stack };
};`,
        { steps: 100 },
      );
      await open(bytes);
      await eventually(async () =>
        /enough \(at m\.js:2:\d+ in fail\(\)\)$/.test(await textOf(page, "failure"))
      );
      await using run = await openRun(bytes, {});
      assertEquals(await ask(page, "rewind.run.get(7)"), await run.get(7));
    },
  },
  {
    name: "keys, field and search move; the state, the plot and the address follow",
    async body({ page, open }) {
      await open(artifactOf(WALK));
      const place = () => ask<number>(page, "rewind.cursor.t");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.down("Shift");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.up("Shift");
      assertEquals(await place(), 11);
      // A control keeps the key that presses it, and no other.
      await page.click("#loop");
      await page.keyboard.press("ArrowLeft");
      assertEquals([await place(), await ask(page, "document.getElementById('loop').checked")], [
        10,
        false,
      ]);
      await page.focus("details > summary");
      await page.keyboard.press(" ");
      assertEquals(await page.evaluate("document.querySelector('details').open"), true);
      assertEquals(await textOf(page, "scrubber").then((text) => text.includes("⏸")), false);
      await page.click("#title");
      await page.keyboard.press("End");
      assertEquals(await place(), 999);
      await page.evaluate("rewind.cursor.go(500)");
      await using run = await openRun(artifactOf(WALK), {});
      await eventually(async () =>
        (await textOf(page, "states")).replace("●", "") ===
          `State at t = 500state${await run.get(500)}`
      );
      await eventually(async () => /Every state is drawn/.test(await textOf(page, "plots-status")));
      await page.type("#where", "(s, t) => s < -5 && t < 400");
      await page.click("#search-previous");
      await eventually(async () => /^t = |No/.test(await textOf(page, "search-result")));
      const states = await Array.fromAsync(run.states(0, 400)) as number[];
      assertEquals(await place(), states.findLastIndex((x) => x < -5));
      await page.click("#search-first");
      await eventually(async () => await place() === states.findIndex((x) => x < -5));
      await page.evaluate("rewind.cursor.show(100, 200)");
      await eventually(() => page.evaluate("location.hash.includes('range=100..200')"));
      await page.evaluate("document.getElementById('where').value = 's => { s > 3 }'");
      await page.click("#search-first");
      await eventually(async () =>
        /^No state satisfies it\..*gives nothing without `return`/.test(
          await textOf(page, "search-result"),
        )
      );
    },
  },
  {
    name: "a value that is changed by keys keeps the focus, and what is no value is told beside it",
    async body({ page, open }) {
      await open(await recorded(WALK_SOURCE, { steps: 100 }));
      // The address still says where the run before was looked at.
      await page.evaluate("rewind.cursor.go(0)");
      await page.focus("#fork");
      await page.keyboard.press("Enter");
      await eventually(() =>
        page.evaluate("document.querySelector('#fork-state button') !== null")
      );
      const focused = () =>
        ask<string>(page, "document.activeElement.getAttribute('aria-label') ?? ''");
      await page.focus("#fork-state button");
      for (
        const [typed, key] of [
          ["7", "Enter"],
          ["8", "Escape"],
          ["abc", "Enter"],
          ["", "Escape"],
        ] as const
      ) {
        if (typed !== "") await page.keyboard.press("Enter");
        await page.keyboard.type(typed);
        await page.keyboard.press(key);
        const isBad = typed === "abc";
        const expected = isBad ? "New value of state" : "7: change state";
        await eventually(async () => await focused() === expected);
        assertEquals((await textOf(page, "fork-state")).includes("write a number"), isBad);
      }
      for (const typed of ["9", "0"]) {
        assertEquals(
          await textOf(page, "fork-changes"),
          `state: 0 → ${typed === "9" ? 7 : 9}`,
          "changed twice",
        );
        await page.keyboard.press("Enter");
        await page.keyboard.type(typed);
        await page.keyboard.press("Enter");
      }
      assertEquals(await textOf(page, "fork-changes"), "", "changed back");
      await page.click("#fork-cancel");
    },
  },
  {
    name: "of a module with a codec the page shows and plots what functions of the state see",
    async body({ page, open }) {
      const bytes = await recorded(
        `class Place { constructor(x) { this.x = x; } }
export const init = () => ({ place: new Place(1) });
export const codec = { encode: ({ place }) => [place.x], decode: ([x]) => ({ place: new Place(x) }) };
export const step = ({ place }, rng) => ({ place: new Place(place.x + rng.random()) });`,
        { steps: 40 },
      );
      await open(bytes);
      await page.evaluate("rewind.cursor.go(13)");
      await using run = await openRun(bytes, {});
      const [x] = await run.get(13) as [number];
      await eventually(async () =>
        (await textOf(page, "states")).includes(`x${Number(x.toPrecision(6))}`)
      );
      await eventually(async () => /place\.x/.test(await textOf(page, "plots")));
      const fork = fromBase64(await ask<string>(page, FORK));
      await using opened = await openRun(fork, {});
      assert((await opened.verify({ full: true })).ok);
    },
  },
  {
    name: "on paper plots and pictures are as wide as a sheet, and afterwards as the screen",
    async body({ page, open }) {
      const source = `export const init = { x: 0, cells: new Uint8Array(400) };
export const step = ({ x, cells }, rng) => ({ x: x + rng.random(), cells });`;
      await open(await recorded(source, { steps: 50 }));
      await eventually(async () => /Every state is drawn/.test(await textOf(page, "plots-status")));
      await eventually(() =>
        page.evaluate("document.querySelector('canvas.picture').style.height !== ''")
      );
      const widths = () =>
        ask<number[]>(
          page,
          `["#plots .uplot", "canvas.picture"].map((one) => document.querySelector(one).clientWidth)`,
        );
      const before = await widths();
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      const [plot, picture] = await widths();
      assertEquals([plot, Math.abs(picture! - 680) <= 1], [680, true], `${picture}`);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      assertEquals(await widths(), before);
    },
  },
  {
    name: "a step that hangs is stopped and named, and the page goes on",
    async body({ page, open }) {
      const source =
        "export const init = 0; export const step = (x) => { while (x === 7); return x + 1; };";
      const run = record((x: number) => x + 1, { init: 0, steps: 100, seed: 1, source });
      await open(await run.toBytes());
      const get = (t: number) =>
        ask<string>(page, `rewind.run.get(${t}).then(String, (error) => error.message)`);
      assertEquals(await get(6), "6");
      assertMatch(
        await get(9),
        /gave no sign of life for 1 s and was stopped.*loops, or it ran out of memory/,
      );
      assertEquals(await get(25), "25", "another block, in a new worker");
    },
  },
  ...(IS_SLOW
    ? [{
      name: "a worker that has worked for a while is relieved, and the answers are the same",
      async body({ page, open }: Opened): Promise<void> {
        const source = `export const init = 0; const kept = [];
export const step = (x, rng) => {
  kept.push(new Uint8Array(1e5));
  let y = 0;
  for (let i = 0; i < 3e6; i++) y += i % 3;
  return x + (rng.random() < 0.5 ? 1 : y & 1);
};`;
        const bytes = await recorded(source, { steps: 1500 });
        await open(bytes);
        await page.evaluate(`{
  globalThis.started = 0;
  const Plain = MessageChannel;
  globalThis.MessageChannel = class extends Plain { constructor() { super(); started++; } };
}`);
        assertEquals((await ask<{ ok: boolean }>(page, VERDICT)).ok, true);
        assert(await ask<number>(page, "started") > 2);
        await using run = await openRun(bytes, {});
        const fork = fromBase64(await ask<string>(page, LONG_FORK));
        await using saved = await openRun(fork, {});
        assertEquals(await saved.contentHash(), await (await run.branch(20)).contentHash());
      },
    }]
    : []),
  {
    name: "where the browser ended the process of the step, the page says so and makes another",
    async body({ kind, browser, page, open }) {
      // Firefox has the frame in the process of the page, and throws where memory runs out.
      if (kind === "firefox") return;
      await open(artifactOf(WALK));
      const get = () =>
        ask<string>(page, `rewind.run.get(777).then(String, (error) => error.message)`);
      const known = await get();
      const crash = async () => {
        // The frame of a step that hung before may not be gone yet.
        const frame = browser.targets().findLast((target) => target.url() === "about:srcdoc");
        const session = await frame!.createCDPSession();
        // It answers nothing, as the process is no more.
        session.send("Page.crash").catch(() => {});
      };
      await crash();
      // Until it is no more, it may still answer.
      await eventually(async () =>
        (await get()).includes("the browser ended the process in which")
      );
      // Another worker may have been idle there, and is named as well.
      await eventually(async () => await get() === known);
      // A worker that was to start there is not to blame: another one does its work.
      await crash();
      await open(artifactOf(WALK));
      await eventually(async () => await get() === known);
    },
  },
  {
    name: "pictures are drawn; their texts, and those of states, are no markup",
    async body({ page, open }) {
      const evil = "<img src=x onerror=alert(1)>";
      const source = `export const init = { cells: new Uint8Array(400), ${JSON.stringify(evil)}: ${
        JSON.stringify(evil)
      } };
export const step = (s, rng) => { s.cells[Math.floor(400 * rng.random())] ^= 1; return s; };
export const picture = ({ cells }) => [
  { kind: "text", text: ${JSON.stringify(evil)} }, { kind: "grid", values: cells, labels: [${
        JSON.stringify(evil)
      }, "on"] },
];`;
      await open(await recorded(source, { steps: 50 }));
      await page.evaluate("rewind.cursor.go(30)");
      await eventually(() =>
        page.evaluate("document.querySelector('canvas.picture')?.width > 100")
      );
      await eventually(() => page.evaluate("document.querySelector('.pane .failure').hidden"));
      assertEquals(await page.evaluate("document.querySelectorAll('img').length"), 0);
      await eventually(async () => (await textOf(page, "states")).includes(evil));
    },
  },
  {
    name: "a file that is no run, or carries no code, is told and leaves the page usable",
    async body({ page, open, problem }) {
      await open(new Uint8Array(100));
      assertMatch(await problem(), /is not a \.replay file/);
      await open(artifactOf(WALK, { source: undefined }));
      assertMatch(await problem(), /carries no step module/);
      const paste = (source: string) =>
        page.evaluate(
          `document.getElementById("step-source").value = ${JSON.stringify(source)};
           document.getElementById("step-use").click();`,
        );
      for (
        const [source, told] of [
          ["export const stop = 1;", /does not export a function/],
          ["export function step(x {", /syntax|SyntaxError/i],
        ] as const
      ) {
        await paste(source);
        await eventually(async () => told.test(await problem()));
        // It can be mended where it stands.
        assertEquals(await page.evaluate("document.getElementById('step-part').hidden"), false);
      }
      await page.evaluate("document.getElementById('step-source').value = ''");
      await page.type("#step-source", WALK_SOURCE);
      await page.evaluate("document.getElementById('step-use').click()");
      await eventually(async () => /walk/.test(await textOf(page, "title")));
      assertEquals((await ask<{ ok: boolean }>(page, VERDICT)).ok, true);
    },
  },
  {
    name: "hostile modules reach nothing, and the page stays usable",
    mayThrow: true,
    async body({ page, open, problem }) {
      let requests = 0;
      const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
        requests++;
        return new Response("", { headers: { "access-control-allow-origin": "*" } });
      });
      const folder = new URL("../hostile/", import.meta.url);
      const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
      const chosen = IS_SLOW ? names : names.filter((name) => SHORT.has(name));
      const failures: string[] = [];
      let opened = 0;
      for (const name of chosen) {
        const text = (await Deno.readTextFile(new URL(name, folder)))
          .replaceAll("__CANARY_DIR__", "/tmp").replaceAll(
            "__CANARY_URL__",
            `http://127.0.0.1:${server.addr.port}`,
          );
        const { source, safe } = parseModule(name, text);
        await open(artifactOf(forgedRecord(source)));
        const refusal = await problem();
        if (refusal !== "") {
          if (!/import|export|too large|bytes/.test(refusal)) failures.push(`${name}: ${refusal}`);
          continue;
        }
        opened++;
        const verdict = await ask<string>(
          page,
          `rewind.verify().then(({ report: { ok, badBlocks } }) =>
            ok ? "verified" : badBlocks.some(({ error }) => error) ? "error" : "mismatch", () => "error")`,
        );
        const isForged = verdict === "mismatch" && safe.includes("verified");
        const isSafe = verdict === "error" || isForged || safe.includes(verdict as "mismatch");
        const kept = await page.evaluate(
          "localStorage.length + (globalThis.pwned === undefined ? 0 : 1)",
        );
        if (!isSafe || kept !== 0) failures.push(`${name}: ${verdict}, ${kept}`);
      }
      await server.shutdown();
      assertEquals(failures, []);
      assertEquals(requests, 0);
      assert(opened > 5, `${opened} of ${chosen.length}`);
      await open(artifactOf(WALK));
      assertEquals((await ask<{ ok: boolean }>(page, VERDICT)).ok, true);
    },
  },
];

/** A few of each door, for the short form. */
const SHORT = new Set(
  [...Deno.readDirSync(new URL("../hostile/", import.meta.url))].map(({ name }) => name)
    .filter((name) => /^(web|codegen|import|forge|node)-/.test(name)).sort()
    .filter((_, i) => i % 9 === 0),
);

testInBothBrowsers("the live page", EMPTY, STEPS);
