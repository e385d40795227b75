/**
 * Where the browsers are that pages are tried in.
 *
 * @module
 */

/** Names that a browser goes by, the likeliest first. */
const NAMES = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  firefox: ["firefox-esr", "firefox"],
} as const;

/** A browser that can be driven. */
export type BrowserName = keyof typeof NAMES;

/**
 * The path of a browser on the PATH; undefined where it is not installed.
 *
 * @throws {Error} If it is missing and `REWIND_BROWSERS=required`, as in CI: there no test may be skipped.
 */
export function findBrowser(browser: BrowserName): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  for (const name of NAMES[browser]) {
    const path = folders.map((folder) => `${folder}/${name}`).find(isFile);
    if (path !== undefined) return path;
  }
  if (Deno.env.get("REWIND_BROWSERS") !== "required") return undefined;
  throw new Error(`There is no ${browser} on the PATH, and REWIND_BROWSERS=required`);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
