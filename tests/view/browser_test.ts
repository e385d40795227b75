/** The page of a run in a real browser. */

import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { renderRunPage } from "../../src/view/run_page.ts";
import {
  type BrowserStep,
  eventually,
  pixelsOf,
  testInBrowser,
  withPage,
} from "../page/browser.ts";
import { HOSTILE, makeInput, makeSurvey } from "./support.ts";

const COUNT = 3000;
const WAVE = Array.from({ length: COUNT }, (_, t) => Math.sin(t / 300));
const BROKEN = WAVE.map((x, t) => t === 1000 ? 50 : t >= 2000 ? NaN : x);
const STATES = WAVE.map((x, t) => ({ x, half: Math.floor(t / 1000), cells: [t, 0] }));
const SURVEY = makeSurvey({ wave: WAVE, broken: BROKEN }, STATES, { bucketsMax: 300, every: 100 });
const PAGE = renderRunPage(makeInput(SURVEY));

/** Brings a plot into sight and waits for it. */
async function showPlot(page: Page, index: number): Promise<void> {
  await page.locator(`[data-series="${index}"]`).scrollIntoViewIfNeeded();
  await page.locator(`[data-series="${index}"] canvas`).waitFor();
}

function text(page: Page, selector: string): Promise<string | null> {
  return page.locator(selector).textContent();
}

/** What the page says of the place, in all places where it does. */
async function places(page: Page): Promise<(string | null)[]> {
  return [
    await page.locator("#place").inputValue(),
    await page.locator("#slider").inputValue(),
    await text(page, "#state-heading"),
    await text(page, "#command"),
  ];
}

const STEPS: BrowserStep[] = [
  {
    name: "the page draws its plots without an error or a request; a spike and NaN show",
    body: (browser) =>
      withPage(browser, PAGE, async (page) => {
        await showPlot(page, 0);
        await showPlot(page, 1);
        assert(await pixelsOf(page, '[data-series="0"] canvas', "--series") > 200);
        assert(await pixelsOf(page, '[data-series="1"] canvas', "--series-edge") > 50, "spike");
        assert(await pixelsOf(page, '[data-series="1"] canvas', "--violation") > 100, "NaN");
        assert(await pixelsOf(page, '[data-series="1"] canvas', "--marker") > 50, "place");
      }),
  },
  {
    name: "buttons, slider, keys, plots and tables move to the same place",
    body: (browser) =>
      withPage(browser, PAGE, async (page) => {
        await showPlot(page, 0);
        assertEquals(await places(page), [
          "0",
          "0",
          "State at t = 0",
          "rewind get walk.replay 0",
        ]);
        await page.locator('[data-go="next"]').click();
        const second = ["100", "1", "State at t = 100", "rewind get walk.replay 100"];
        assertEquals(await places(page), second);
        assertMatch((await text(page, "[data-series='0'] .readout"))!, /^t = 100 to 109: 0\.32/);
        assertEquals(await page.locator("#tree .dot").count(), 4, "state, x, cells, cells[0]");
        await page.keyboard.press("ArrowRight");
        await page.keyboard.press("ArrowLeft");
        assertEquals(await places(page), second);
        await page.keyboard.press("End");
        assertEquals((await places(page))[0], "2900");
        await page.locator("#slider").focus();
        await page.keyboard.press("Home");
        assertEquals((await places(page))[0], "0");
        // Between two sampled states the last one is shown, and the command is for t.
        await page.locator("#place").fill("1234");
        await page.locator("#place").press("Enter");
        assertEquals(await places(page), [
          "1234",
          "12",
          "State at t = 1,200",
          "rewind get walk.replay 1234",
        ]);
        assertMatch((await text(page, "#state-about"))!, /last one before t = 1,234/);
        assertMatch((await text(page, "#closer"))!, /--from 1204 --to 1264/);
        await page.locator('[data-series="1"] button[data-t="2000"]').click();
        assertEquals((await places(page))[2], "State at t = 2,000");
        const before = await page.locator('[data-series="0"] canvas').screenshot();
        const over = page.locator('[data-series="0"] .u-over');
        const { width } = (await over.boundingBox())!;
        await over.click({ position: { x: width / 2, y: 40 } });
        const middle = Number((await places(page))[0]);
        assert(Math.abs(middle - 1500) < 10, `${middle}`);
        await eventually(async () =>
          !before.equals(await page.locator('[data-series="0"] canvas').screenshot())
        );
      }),
  },
  {
    name: "opened parts of a state stay open while one moves",
    body: (browser) =>
      withPage(browser, PAGE, async (page) => {
        const cells = page.locator("#tree details details");
        assertEquals(await cells.getAttribute("open"), "");
        await cells.locator("summary").click();
        await page.locator('[data-go="next"]').click();
        assertEquals(await cells.getAttribute("open"), null);
      }),
  },
  {
    name: "hostile keys and values are text, in the tree and in headings",
    body: (browser) => {
      const state = { [HOSTILE]: HOSTILE, list: [HOSTILE] };
      const survey = makeSurvey({ [HOSTILE]: [1, 2, 3] }, [state, { ...state, more: 1 }, HOSTILE]);
      return withPage(browser, renderRunPage(makeInput(survey)), async (page) => {
        await showPlot(page, 0);
        await page.locator('[data-go="next"]').click();
        assertEquals(await page.locator("img, #tree script").count(), 0);
        assertMatch((await text(page, "#tree"))!, /<\/script><script>alert\(1\)/);
      });
    },
  },
  {
    name: "values at the ends of what numbers can hold are drawn",
    body: (browser) => {
      const extremes = [
        Number.MAX_VALUE,
        -Number.MAX_VALUE,
        Number.MIN_VALUE,
        0,
        -Number.MIN_VALUE,
        1e300,
      ];
      const columns = {
        all: extremes,
        wide: extremes.map((_, t) => (t % 2 === 0 ? 1 : -1) * Number.MAX_VALUE),
        tiny: extremes.map((_, t) => t * Number.MIN_VALUE),
        blown: extremes.map((_, t) => 10 ** (t * 60)),
        close: extremes.map((_, t) => 1 + t * Number.EPSILON),
        gone: extremes.map((_, t) => t < 2 ? 1 : -Infinity),
        never: extremes.map(() => NaN),
      };
      const page = renderRunPage(makeInput(makeSurvey(columns, extremes)));
      return withPage(browser, page, async (page) => {
        for (let k = 0; k < 6; k++) {
          await showPlot(page, k);
          assert(await pixelsOf(page, `[data-series="${k}"] canvas`, "--series") > 5, `${k}`);
        }
        await showPlot(page, 6);
        assertMatch((await text(page, '[data-series="6"] .readout'))!, /NaN$/);
      });
    },
  },
  {
    name: "dark mode has its own colors; at 390 pixels nothing is wider than the page",
    body: (browser) =>
      withPage(browser, PAGE, async (page) => {
        await showPlot(page, 0);
        assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 390);
        assert(await pixelsOf(page, '[data-series="0"] canvas', "--series") > 100);
        const plot = (await page.locator('[data-series="0"] canvas').boundingBox())!;
        assert(plot.width > 300 && plot.x + plot.width <= 390);
        const dark = await page.locator('[data-series="0"] canvas').screenshot();
        await page.emulateMedia({ colorScheme: "light" });
        // The plot is made anew.
        await eventually(async () =>
          await pixelsOf(page, '[data-series="0"] canvas', "--series") > 100
        );
        assertNotEquals(await page.locator('[data-series="0"] canvas').screenshot(), dark);
      }, { width: 390, colorScheme: "dark" }),
  },
  {
    name: "printing draws every plot in light colors, and leaves the page as it was",
    body: (browser) =>
      withPage(browser, PAGE, async (page) => {
        assert((await page.pdf({ format: "A4" })).length > 20_000);
        await page.locator(":root:not([data-print])").waitFor({ state: "attached" });
        await page.evaluate("dispatchEvent(new Event('beforeprint'))");
        assertEquals(await page.locator("canvas").count(), 2);
        assert(await pixelsOf(page, '[data-series="1"] canvas', "--series") > 20);
        await page.evaluate("dispatchEvent(new Event('afterprint'))");
        assertEquals(
          await page.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--series')",
          ),
          "#56b4e9",
        );
      }, { colorScheme: "dark" }),
  },
];

testInBrowser("renderRunPage()", STEPS);
