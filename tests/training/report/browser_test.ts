/** The pages in a real browser. */

import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { renderReplayPage } from "../../../src/training/report/replay_page.ts";
import type { ReplayReport } from "../../../src/training/findings/replay_report.ts";
import type { RunLog } from "../../../src/training/log/run_log.ts";
import {
  type BrowserStep,
  eventually,
  pixelsOf,
  type Scene,
  testInBrowser,
  withPage,
} from "../../page/browser.ts";
import { makeLog } from "../support.ts";
import { course, makeReport } from "./support.ts";

const STEPS_IN_BROWSER: BrowserStep[] = [];

/** A step of the one test below: they share a browser, which takes longer to start than they take. */
function browserTest(name: string, body: (browser: Browser) => Promise<void>): void {
  STEPS_IN_BROWSER.push({ name, body });
}

/** Opens a report's page. */
function withReport(
  browser: Browser,
  report: ReplayReport,
  body: (page: Page) => Promise<void>,
  scene?: Scene,
): Promise<void> {
  return withPage(browser, renderReplayPage(report), body, scene);
}

const COUNT = 500;
const STEPS = Array.from({ length: COUNT }, (_, step) => step);
const LOSS = course(COUNT);
const REWARD = course(COUNT, { seed: 2, level: -1 });
const ORIGINAL = makeLog(STEPS, { loss: LOSS, reward: REWARD });
const CHANGED = makeLog(STEPS, {
  loss: LOSS.map((value, step) => step < 300 ? value : value * 1.1),
  reward: REWARD.map((value, step) => step === 410 ? NaN : value),
});
const REPORT = makeReport(ORIGINAL, [CHANGED]);

/** Brings a metric into sight and waits for its plots. */
async function showMetric(page: Page, index: number): Promise<void> {
  await page.locator(`#metric-${index}`).scrollIntoViewIfNeeded();
  await page.locator(`#metric-${index} canvas`).first().waitFor();
}

browserTest("the report page draws its plots without an error or a request", async (browser) => {
  await withReport(browser, REPORT, async (page) => {
    await showMetric(page, 0);
    await showMetric(page, 1);
    assertEquals(await page.locator("canvas").count(), 6);
    assertEquals(
      await page.getByRole("img", { name: "loss: original and replay" }).count(),
      1,
      "a plot has a name",
    );
    const plot = "#metric-0 figure:nth-child(1) canvas";
    for (const name of ["--original", "--replay", "--violation"]) {
      assert(await pixelsOf(page, plot, name) > 50, `${name} is not in the plot`);
    }
    assertEquals(await page.locator("#view").textContent(), `Steps 0 to ${COUNT - 1}`);
  });
});

browserTest("a violation's button zooms all plots to it", async (browser) => {
  await withReport(browser, REPORT, async (page) => {
    await showMetric(page, 0);
    const before = await page.locator("#metric-0 canvas").first().screenshot();
    await page.locator("#violations button.step").first().click();
    assertMatch(
      (await page.locator("#view").textContent())!,
      /^Steps 288 to 312; loss at step 300: /,
    );
    assertNotEquals(await page.locator("#metric-0 canvas").first().screenshot(), before);
    await page.locator("[data-zoom=previous]").click();
    assertMatch(
      (await page.locator("#view").textContent())!,
      /loss at step 300/,
      "it is the first",
    );
    await page.locator("[data-zoom=next]").click();
    assertMatch((await page.locator("#view").textContent())!, /loss at step 301/);
    await page.locator("[data-zoom=all]").click();
    assertEquals(await page.locator("#view").textContent(), `Steps 0 to ${COUNT - 1}`);
    // A violation without a number on one side has its place too.
    await page.locator('#violations button[data-metric="reward"]').first().click();
    assertMatch(
      (await page.locator("#view").textContent())!,
      /reward at step 410: NaN against -?\d/,
    );
  });
});

browserTest("dragging zooms, a double click undoes it, keys reach the same", async (browser) => {
  await withReport(browser, REPORT, async (page) => {
    await showMetric(page, 0);
    await page.locator("#metric-0").evaluate((element) => element.scrollIntoView());
    const over = page.locator("#metric-0 .u-over").first();
    const box = (await over.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 4 });
    await page.mouse.up();
    const zoomed = /^Steps (\d+) to (\d+)$/.exec((await page.locator("#view").textContent())!)!;
    assert(
      Math.abs(Number(zoomed[1]) - 250) < 5 && Math.abs(Number(zoomed[2]) - 349) < 5,
      zoomed[0],
    );
    await over.dblclick();
    assertEquals(await page.locator("#view").textContent(), `Steps 0 to ${COUNT - 1}`);
    await page.locator("[data-zoom=in]").focus();
    await page.keyboard.press("Enter");
    assertEquals(await page.locator("#view").textContent(), "Steps 125 to 374");
    await page.locator("[data-zoom=forward]").focus();
    await page.keyboard.press("Enter");
    assertEquals(await page.locator("#view").textContent(), "Steps 250 to 499");
  });
});

browserTest("the cursor is at the same step in all plots", async (browser) => {
  await withReport(browser, REPORT, async (page) => {
    await showMetric(page, 1);
    await showMetric(page, 0);
    await page.locator("#metric-0 .u-over").first().hover({ position: { x: 600, y: 50 } });
    const first = await page.locator("#metric-0 .u-legend .u-value").first().textContent();
    assertMatch(first!, /^\d+$/);
    await eventually(async () => {
      const steps = page.locator(".u-legend tr:first-child .u-value");
      return (await steps.allTextContents()).every((text) => text === first);
    });
    assertEquals(await page.locator(".u-legend").count(), 6);
    const replay = page.locator("#metric-0 .u-legend").first().locator(".u-value").last();
    assertEquals(
      Number(await replay.textContent()),
      CHANGED.columns.get("loss")!.values[Number(first)],
    );
  });
});

browserTest("verdict and picture are in the first screen, of a phone too", async (browser) => {
  for (const [width, height] of [[1400, 900], [390, 844]] as const) {
    const report = makeReport(ORIGINAL, [CHANGED, CHANGED, ORIGINAL]);
    await withReport(browser, report, async (page) => {
      await page.setViewportSize({ width, height });
      const canvas = page.locator("#metric-0 canvas").first();
      await canvas.waitFor();
      const box = (await canvas.boundingBox())!;
      assert(
        box.y + box.height <= height,
        `${width} pixels: the plot ends at ${box.y + box.height}`,
      );
    }, { width });
  }
});

browserTest("a switch shows all digits of every number", async (browser) => {
  await withReport(browser, REPORT, async (page) => {
    const lead = page.locator(".lead");
    const original = ORIGINAL.columns.get("loss")!.values[300]!;
    assert(!(await lead.innerText()).includes(String(original)));
    await page.locator("#exact").check();
    assert((await lead.innerText()).includes(String(original)));
  });
});

browserTest("dark mode has its own colors, also when it changes", async (browser) => {
  await withReport(browser, REPORT, async (page) => {
    await showMetric(page, 0);
    const background = () =>
      page.locator("body").evaluate((body) =>
        (globalThis as unknown as { getComputedStyle(e: unknown): { backgroundColor: string } })
          .getComputedStyle(body).backgroundColor
      );
    assertEquals(await background(), "rgb(20, 24, 31)");
    const plot = "#metric-0 figure:nth-child(1) canvas";
    assert(await pixelsOf(page, plot, "--original") > 50);
    await page.emulateMedia({ colorScheme: "light" });
    assertEquals(await background(), "rgb(255, 255, 255)");
    await eventually(async () => await pixelsOf(page, plot, "--original") > 50);
  }, { colorScheme: "dark" });
});

browserTest("at 360 pixels nothing is wider than the page, and the plots fit", async (browser) => {
  const long = "python -m " + "a_very_long_module_name_without_blanks".repeat(4);
  const report = makeReport(ORIGINAL, [CHANGED, ORIGINAL], { changes: { replayCommand: long } });
  await withReport(browser, report, async (page) => {
    await showMetric(page, 0);
    await showMetric(page, 1);
    const width = () => page.evaluate("document.documentElement.scrollWidth");
    assertEquals(await width(), 360);
    const plot = (await page.locator("#metric-0 canvas").first().boundingBox())!;
    assert(plot.width > 300 && plot.x + plot.width <= 360, "the plot fits");
    await page.locator("#metric-0").evaluate((element) => element.scrollIntoView());
    // Turned to landscape and back, the plots follow.
    await page.setViewportSize({ width: 740, height: 360 });
    const canvas = page.locator("#metric-0 canvas").first();
    await eventually(async () => (await canvas.boundingBox())!.width > 600);
    await page.setViewportSize({ width: 360, height: 740 });
    await eventually(async () => (await canvas.boundingBox())!.width < 360);
    assertEquals(await width(), 360);
  }, { width: 360 });
});

browserTest(
  "printing draws every plot in light colors, and leaves the page as it was",
  async (browser) => {
    await withReport(browser, REPORT, async (page) => {
      assert((await page.pdf({ format: "A4" })).length > 20_000);
      await page.locator(":root:not([data-print])").waitFor({ state: "attached" });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      assertEquals(await page.locator("canvas").count(), 6, "plots out of sight are drawn too");
      assert(await pixelsOf(page, "#metric-1 figure:nth-child(1) canvas", "--original") > 50);
      assertEquals(
        await page.evaluate(
          "getComputedStyle(document.documentElement).getPropertyValue('--paper')",
        ),
        "#ffffff",
      );
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      assertEquals(
        await page.evaluate(
          "getComputedStyle(document.documentElement).getPropertyValue('--paper')",
        ),
        "#14181f",
      );
    }, { colorScheme: "dark" });
  },
);

/** Rows of a long log, and where its violation is: a million in the long form. */
const [LONG_COUNT, VIOLATION] = Deno.env.get("REWIND_SLOW") === "1"
  ? [1_000_000, 654_321]
  : [200_000, 154_321];

/** A long log with one metric. */
function longLog(value: (step: number) => number): RunLog {
  const count = LONG_COUNT;
  const steps = Float64Array.from({ length: count }, (_, step) => step);
  const template = makeLog([0], { loss: [0] });
  return {
    ...template,
    steps,
    columns: new Map([["loss", {
      ...template.columns.get("loss")!,
      values: steps.map(value),
      present: new Uint8Array(count).fill(1),
      count,
      integer: false,
    }]]),
  };
}

browserTest(
  `${LONG_COUNT} points load and zoom, and one violation among them shows`,
  async (browser) => {
    const loss = (step: number) => 2 / (1 + step / 1e5) + ((step * 7919) % 1000) / 1e4;
    const original = longLog(loss);
    const replay = longLog((step) => loss(step) * (step === VIOLATION ? 1.02 : 1));
    await withReport(browser, makeReport(original, [replay]), async (page) => {
      await showMetric(page, 0);
      const plot = "#metric-0 figure:nth-child(1) canvas";
      assert(await pixelsOf(page, plot, "--original") > 500);
      assert(await pixelsOf(page, plot, "--violation") > 20, "the violation is hidden");
      await page.locator("[data-zoom=in]").click();
      await page.locator("[data-zoom=next]").click();
      assertMatch(
        (await page.locator("#view").textContent())!,
        RegExp(`^Steps ${VIOLATION - 12} to ${VIOLATION + 12}; loss at step ${VIOLATION}`),
      );
      assert(await pixelsOf(page, plot, "--violation") > 20);
    });
  },
);

testInBrowser("renderReplayPage()", STEPS_IN_BROWSER);
