/**
 * Makes the pictures of the README and the docs from the examples, so that they never say what is not so:
 * `deno task docs-pictures`. Needs Chromium.
 *
 * @module
 */

import puppeteer, { type Page } from "puppeteer-core";
import { SavedRecord } from "../src/artifact/saved_record.ts";
import { openRun } from "../src/sandbox/host/open_run.ts";
import { SandboxSession } from "../src/sandbox/host/session.ts";
import { readStep } from "../src/sandbox/recorder/read_step.ts";
import { grouped } from "../src/text/quantity.ts";
import { renderLivePage } from "../src/view/live_page.ts";
import { DARK, LIGHT } from "../src/view/picture/colors.ts";
import { RunPictures } from "../src/view/picture/run_pictures.ts";
import { heightFor, sceneOf } from "../src/view/picture/scene.ts";
import { svgOf } from "../src/view/picture/svg.ts";
import { ROOT } from "./bundle.ts";

const FOLDER = new URL("docs/pictures/", ROOT);
const CHROMIUM = "/usr/bin/chromium";

/** Pixels across the README. */
const WIDTH = 1200;

/** Records an example. */
async function recorded(name: string, steps: number, seed: bigint): Promise<Uint8Array> {
  const { source, stepId } = await readStep(new URL(`examples/${name}.ts`, ROOT).pathname);
  await using session = new SandboxSession({ source });
  return await new SavedRecord(await session.record({ steps, seed, stepId })).toBytes();
}

/** What is pointed at, found in the run itself. */
async function callouts(bytes: Uint8Array): Promise<{ t: number; text: string }[]> {
  await using run = await openRun(bytes, {});
  const jump = await run.find("s => s.gain > 1");
  const nan = await run.find("s => Number.isNaN(s.value)");
  const [draw] = await run.trace(jump!);
  const fork = await run.branch(jump!, { mutate: "s => { s.gain = 0.9; }" });
  const again = await fork.find("s => Number.isNaN(s.value)");
  if (again !== undefined) throw new Error("the fork with the fix breaks too");
  return [
    {
      t: 0,
      text: `${grouped(run.steps)} states in a file of ${
        grouped(bytes.length)
      } bytes; any of them is made again`,
    },
    {
      t: jump!,
      text: `gain jumps at t = ${grouped(jump!)}, by one draw: ${Number(draw!.result).toFixed(2)}`,
    },
    { t: nan!, text: `value is NaN from t = ${grouped(nan!)} on` },
    { t: jump!, text: "a fork from here with gain 0.9 stays finite to the end" },
  ];
}

/** Puts numbers into the plots and their meaning below; runs in the page. */
const ANNOTATE = `(callouts, steps) => {
  const host = document.getElementById("plots");
  const plots = [...host.querySelectorAll(".series")];
  const badge = (n) => {
    const mark = document.createElement("span");
    mark.textContent = n;
    mark.style.cssText = "display:inline-grid;place-items:center;width:22px;height:22px;border-radius:50%;" +
      "background:var(--marker);color:var(--paper);font:600 13px system-ui";
    return mark;
  };
  const at = (plot, t, n, dy) => {
    const over = plot.querySelector(".u-over");
    const mark = badge(n);
    const x = over.offsetWidth * t / (steps - 1);
    mark.style.position = "absolute";
    mark.style.left = Math.max(4, x - 30) + "px";
    mark.style.top = dy + "px";
    over.append(mark);
  };
  at(plots[0], 0, 1, 8);
  at(plots[1], callouts[1].t, 2, 40);
  at(plots[0], callouts[2].t, 3, 40);
  at(plots[1], callouts[3].t, 4, 72);
  const list = document.createElement("div");
  list.style.cssText = "display:grid;grid-template-columns:auto 1fr auto 1fr;gap:8px 12px;align-items:center;padding:10px 0 16px";
  callouts.forEach(({ text }, i) => {
    const words = document.createElement("span");
    words.textContent = text;
    list.append(badge(i + 1), words);
  });
  for (const id of ["plots-status"]) document.getElementById(id).remove();
  for (const help of document.querySelectorAll(".help")) help.remove();
  document.getElementById("stage").after(list);
  return list.getBoundingClientRect().bottom;
}`;

async function shoot(
  page: Page,
  scheme: "light" | "dark",
  found: unknown,
  steps: number,
): Promise<void> {
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.reload();
  for (let tries = 0; tries < 600; tries++) {
    const status = await page.evaluate(
      "document.getElementById('plots-status')?.textContent ?? ''",
    );
    if (/^Each|^Every/.test(String(status))) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const bottom = Number(await page.evaluate(`(${ANNOTATE})(${JSON.stringify(found)}, ${steps})`));
  const bytes = await page.screenshot({
    clip: { x: 0, y: 0, width: WIDTH, height: Math.ceil(bottom) },
  });
  await Deno.writeFile(new URL(`late-nan-${scheme}.png`, FOLDER), bytes);
}

/** The page of a model that breaks late. */
async function lateNan(): Promise<void> {
  const steps = 1_000_000;
  const bytes = await recorded("late_nan", steps, 7n);
  const found = await callouts(bytes);
  const html = renderLivePage({
    title: "late_nan.ts",
    artifact: bytes,
    data: {
      file: "nan.replay",
      step: undefined,
      observe: [
        { name: "value", choice: { expression: "s => s.value" } },
        { name: "gain", choice: { expression: "s => s.gain" } },
      ],
      range: undefined,
      getCommand: "rewind get nan.replay",
    },
    tool: "rewind",
  });
  const file = await Deno.makeTempFile({ suffix: ".html" });
  await Deno.writeTextFile(file, html);
  const browser = await puppeteer.launch({
    browser: "chrome",
    executablePath: CHROMIUM,
    headless: true,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: WIDTH, height: 1000 });
    await page.goto(`file://${file}#t=${found[1]!.t}`);
    for (const scheme of ["light", "dark"] as const) await shoot(page, scheme, found, steps);
  } finally {
    await browser.close();
    await Deno.remove(file);
  }
}

/** A still of a model that draws itself. */
async function still(
  name: string,
  { steps, seed, t }: { steps: number; seed: bigint; t: number },
): Promise<void> {
  await using run = await openRun(await recorded(name, steps, seed), {});
  const pictures = new RunPictures(run);
  await pictures.seeStored();
  for await (const { picture } of pictures.pictures({ from: t, to: t + 1, every: 1 })) {
    for (const [scheme, theme] of [["light", LIGHT], ["dark", DARK]] as const) {
      const scene = sceneOf(picture, { width: 480, height: heightFor(picture, 480), theme });
      await Deno.writeTextFile(new URL(`${name}-${scheme}.svg`, FOLDER), svgOf(scene));
    }
  }
}

if (import.meta.main) {
  await Deno.mkdir(FOLDER, { recursive: true });
  await still("network", { steps: 120, seed: 2n, t: 22 });
  await lateNan();
}
