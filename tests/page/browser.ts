/**
 * Pages in a real browser, for the tests of pages.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { type Browser, chromium, type Page } from "playwright-core";
import { findBrowser } from "./find_browser.ts";

const CHROMIUM = findBrowser("chromium");
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What the page is looked at with. */
export interface Scene {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
}

/** A part of a test in a browser. */
export interface BrowserStep {
  readonly name: string;
  readonly body: (browser: Browser) => Promise<void>;
}

/** One test for all steps: they share a browser, which takes longer to start than they take. */
export function testInBrowser(name: string, steps: readonly BrowserStep[]): void {
  const isMissing = CHROMIUM === undefined;
  Deno.test({
    name: `${name} in a browser${isMissing ? ` (skipped: there is no chromium on the PATH)` : ""}`,
    ignore: isMissing,
    // The browser's pipes are closed a moment after it says so.
    sanitizeResources: false,
    sanitizeOps: false,
    async fn(test) {
      const browser = await chromium.launch({
        // On a machine with much other work a browser takes its time.
        timeout: 120_000,
        executablePath: CHROMIUM,
        headless: true,
        args: ARGS,
      });
      try {
        for (const { name, body } of steps) await test.step(name, () => body(browser));
      } finally {
        await browser.close();
      }
    },
  });
}

/** The page of each browser: a new one is a process of its own. Pages keep nothing outside of their documents. */
const pages = new WeakMap<Browser, Page>();

/** Opens a page from a file, and fails on any error that the browser tells and on any request but for the file. */
export async function withPage(
  browser: Browser,
  html: string,
  body: (page: Page) => Promise<void>,
  { width = 1200, colorScheme = "light" }: Scene = {},
): Promise<void> {
  const file = await Deno.makeTempFile({ prefix: "rewind-page-", suffix: ".html" });
  const page = pages.get(browser) ?? await browser.newPage();
  pages.set(browser, page);
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme });
  await page.mouse.move(0, 0);
  const trouble: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(message.text());
  });
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("dialog", (dialog) => trouble.push(dialog.message()));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`file://${file}`) && !url.startsWith("data:")) trouble.push(url);
  });
  try {
    await Deno.writeTextFile(file, html);
    await page.goto(`file://${file}`);
    await body(page);
    assertEquals(trouble, []);
  } finally {
    page.removeAllListeners();
    await Deno.remove(file);
  }
}

/** Asks until the answer is yes: the page's policy forbids Playwright's own way to wait. */
export async function eventually(ask: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`This did not come true: ${ask}`);
}

/** How many pixels of a plot are close to a custom property's color. */
export function pixelsOf(page: Page, selector: string, property: string): Promise<number> {
  return page.locator(selector).evaluate((element, name) => {
    const canvas = element as unknown as {
      width: number;
      height: number;
      getContext(kind: "2d"): {
        getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
      };
    };
    const root = (globalThis as unknown as { document: { documentElement: unknown } }).document
      .documentElement;
    const style = (globalThis as unknown as {
      getComputedStyle(element: unknown): { getPropertyValue(name: string): string };
    }).getComputedStyle(root);
    const hex = style.getPropertyValue(name).trim();
    const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let k = 0; k < data.length; k += 4) {
      const near = wanted.every((part, channel) => Math.abs(data[k + channel]! - part) < 24);
      if (near && data[k + 3]! > 200) count++;
    }
    return count;
  }, property);
}
