/**
 * Live pages in Chromium and in Firefox, for tests: one browser of each kind for many checks.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { findBrowser } from "./find_browser.ts";

/** Browsers that may be there, as they are driven. */
const KINDS = [
  { kind: "chrome", name: "chromium" },
  { kind: "firefox", name: "firefox" },
] as const;

const CHROME_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Browsers of people have it; Puppeteer turns it off.
  "--enable-features=IsolateSandboxedIframes",
];

/** What a check works with. */
export interface Opened {
  readonly kind: "chrome" | "firefox";
  readonly browser: Browser;
  readonly page: Page;
  /** Opens the bytes of an artifact in the page, as a file that is dropped on it. */
  open(bytes: Uint8Array): Promise<void>;
  /** Text of what is wrong with the file that was opened last; empty if nothing is. */
  problem(): Promise<string>;
}

/** A check, for both browsers. */
export interface LiveStep {
  readonly name: string;
  readonly body: (opened: Opened) => Promise<void>;
  /** Whether modules may throw where nothing catches it: Firefox tells that of a page's workers as well. */
  readonly mayThrow?: boolean;
}

/** Firefox takes as long again: it is for the long form. */
const IS_SLOW = Deno.env.get("REWIND_SLOW") === "1";

/** One test per browser: all steps share a page without a run, into which each opens its own. */
export function testInBothBrowsers(
  name: string,
  html: () => string,
  steps: readonly LiveStep[],
): void {
  for (const { kind, name: program } of KINDS) {
    const executablePath = findBrowser(program);
    const isLong = kind === "firefox" && !IS_SLOW;
    const why = executablePath === undefined
      ? `there is no ${program} on the PATH`
      : isLong
      ? "with REWIND_SLOW=1 only"
      : "";
    Deno.test({
      name: `${name} in ${kind}${why === "" ? "" : ` (skipped: ${why})`}`,
      ignore: why !== "",
      // The browser's pipes are closed a moment after it says so.
      sanitizeResources: false,
      sanitizeOps: false,
      async fn(test) {
        const browser = await puppeteer.launch({
          browser: kind,
          ...(executablePath === undefined ? {} : { executablePath }),
          headless: true,
          // On a machine with much other work a browser takes its time.
          timeout: 120_000,
          ...(kind === "chrome" ? { args: CHROME_ARGS } : {}),
        });
        const file = await Deno.makeTempFile({ prefix: "rewind-live-", suffix: ".html" });
        try {
          await Deno.writeTextFile(file, html());
          const page = await browser.newPage();
          const trouble: string[] = [];
          const thrown: string[] = [];
          page.on("pageerror", (error) => thrown.push(String(error)));
          page.on("dialog", (dialog) => trouble.push(dialog.message()));
          await page.goto(`file://${file}`);
          const opened = openedPage(kind, browser, page);
          for (const { name, body, mayThrow } of steps) {
            await test.step(name, () => body(opened));
            if (mayThrow !== true || kind === "chrome") trouble.push(...thrown);
            thrown.length = 0;
          }
          await test.step("nothing went wrong in the page", () => assertEquals(trouble, []));
        } finally {
          await browser.close();
          await Deno.remove(file);
        }
      },
    });
  }
}

function openedPage(kind: Opened["kind"], browser: Browser, page: Page): Opened {
  return {
    kind,
    browser,
    page,
    async open(bytes) {
      await eventually(() => page.evaluate("globalThis.rewind !== undefined"));
      await page.evaluate(
        `rewind.open(Uint8Array.from(atob("${toBase64(bytes)}"), (c) => c.charCodeAt(0)), ` +
          `{ file: "run.replay", step: undefined, observe: undefined, range: undefined, getCommand: "rewind get run.replay" })`,
      );
    },
    problem: () => textOf(page, "open-problem"),
  };
}

/** Text of an element. */
export async function textOf(page: Page, id: string): Promise<string> {
  return String(
    await page.evaluate(`document.getElementById(${JSON.stringify(id)})?.textContent ?? ""`),
  );
}

/** Runs an expression in the page; what it gives has to be JSON. */
export async function ask<T>(page: Page, expression: string): Promise<T> {
  const text = await page.evaluate(`(async () => JSON.stringify(await (${expression})))()`);
  return JSON.parse(String(text)) as T;
}

/** Asks until the answer is yes. */
export async function eventually(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`This did not come true: ${ask}`);
}

function toBase64(bytes: Uint8Array): string {
  let units = "";
  for (const byte of bytes) units += String.fromCharCode(byte);
  return btoa(units);
}

/** Bytes from base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
}
