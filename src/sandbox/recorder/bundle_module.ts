/**
 * Bundles a step module and what it imports into one module, with `deno bundle`. This runs on the
 * author's machine, on the author's own code, when recording; it reads what the imports name, and the
 * network only where that is allowed.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { assertInvariant, StepModuleError } from "../../errors.ts";
import type { EncodedMap } from "../../artifact/source_map.ts";
import { inlineMap } from "./encoded_map.ts";

/** Which builds of packages are taken: those for Deno, or those for browsers. */
export type Platform = "deno" | "browser";

/** How to bundle. */
export interface BundleOptions {
  /** Which builds of packages to take. */
  readonly platform: Platform;
  /** Whether packages and remote modules may be downloaded. */
  readonly allowNet: boolean;
}

/** A bundle as the bundler makes it. */
export interface Bundle {
  /** Its text: one ES module. */
  readonly text: string;
  /** The map back to the files, which it names relative to the module's folder. */
  readonly map: EncodedMap;
}

/** What Deno says where two first uses of the bundler install it at the same time. */
const INSTALL_RACE = /failed to copy esbuild binary/;

/** What Deno says where its bundler is not installed and the network is out of reach. */
const NOT_INSTALLED = /@esbuild(?:\/|%2f)/i;

/** Tries until another process has installed the bundler. */
const ATTEMPTS = 5;

/**
 * Nothing listens there: a proxy that refuses is what keeps Deno from the network, as `deno bundle` has no
 * flag for it. It is asked for every host, also this machine's own.
 */
const NO_PROXY = "http://127.0.0.1:1";

/** The environment that keeps Deno from the network. */
export const NO_NETWORK: Readonly<Record<string, string>> = Object.fromEntries(
  ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [
    [name, NO_PROXY],
    [name.toLowerCase(), NO_PROXY],
  ]).concat([["NO_PROXY", ""], ["no_proxy", ""]]),
);

/** What rewind itself puts in place of imports from it. */
const OWN_PACKAGE = ["@rewind/cli", "@rewind/cli/*", "jsr:@rewind/cli*", "npm:@rewind/cli*"];

/**
 * One ES module with all that a step module imports, but for rewind's own modules and those of the runtime.
 *
 * @param path Absolute path of the module.
 * @throws {StepModuleError} If `deno bundle` cannot be run or does not succeed; the message has its words.
 */
export async function bundleModule(path: string, options: BundleOptions): Promise<Bundle> {
  for (let attempt = 1;; attempt++) {
    const { success, stdout, stderr } = await runBundler(path, options);
    const decoder = new TextDecoder();
    if (success) {
      const bundle = inlineMap(decoder.decode(stdout));
      assertInvariant(bundle !== undefined, "the bundler gives a source map");
      return bundle;
    }
    const words = decoder.decode(stderr).trim();
    if (!options.allowNet && NOT_INSTALLED.test(words) && attempt < ATTEMPTS) {
      await installBundler();
    } else if (!INSTALL_RACE.test(words) || attempt === ATTEMPTS) {
      throw bundleError(path, words, options);
    } else await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
  }
}

/** Has Deno install its own bundler, which it does at the first use: no module of a user is involved. */
async function installBundler(): Promise<void> {
  const { success, stderr } = await new Deno.Command(denoPath(), {
    args: ["bundle", "--quiet", "--no-config", "--no-lock", "data:text/javascript,"],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
  }).output();
  const words = new TextDecoder().decode(stderr).trim();
  if (success || INSTALL_RACE.test(words)) return;
  throw new StepModuleError(
    `Cannot install the bundler of Deno, which Deno downloads at its first use: ${words}`,
  );
}

async function runBundler(
  path: string,
  { platform, allowNet }: BundleOptions,
): Promise<Deno.CommandOutput> {
  const folder = dirname(path);
  try {
    return await new Deno.Command(denoPath(), {
      args: [
        "bundle",
        "--quiet",
        `--platform=${platform}`,
        "--keep-names",
        "--sourcemap=inline",
        ...OWN_PACKAGE.map((name) => `--external=${name}`),
        ...await lockArguments(folder),
        path,
      ],
      // The import map of the module's own project is found from its folder.
      cwd: folder,
      env: { NO_COLOR: "1", ...(allowNet ? {} : NO_NETWORK) },
      stdin: "null",
    }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new StepModuleError(`Cannot bundle '${path}': deno is not on the PATH`, {
      cause: error,
      hint: "install Deno, or give a module without imports",
    });
  }
}

/** What Deno says where something would have to be downloaded. */
const NEEDS_NETWORK =
  /Could not find constraint|error sending request|Failed loading https?:|Module not found "https?:|Requires import access|Do not know how to load path: deno:jsr:/;

function bundleError(path: string, output: string, { allowNet }: BundleOptions): StepModuleError {
  const words = output.replace(/\n(?:error: bundling failed|\nStack backtrace:)[^]*$/, "");
  const hint = !allowNet && NEEDS_NETWORK.test(words)
    ? "rewind downloads nothing by itself: fetch what the module imports first " +
      `('deno cache ${basename(path)}' in its folder), or pass --allow-net`
    : `fix the imports of ${basename(path)}`;
  return new StepModuleError(`Cannot bundle '${path}': ${words}`, { hint });
}

/** The program that bundles. A compiled binary is not deno: there it must be on the PATH. */
export function denoPath(): string {
  return Deno.build.standalone ? "deno" : Deno.execPath();
}

/** What keeps Deno from leaving a lock file behind where the project of a module keeps none. */
export async function lockArguments(folder: string): Promise<string[]> {
  return await hasLock(folder) ? [] : ["--no-lock"];
}

/** Whether a project keeps a lock file. */
async function hasLock(folder: string): Promise<boolean> {
  for (let at = folder;; at = dirname(at)) {
    for (const name of ["deno.json", "deno.jsonc", "package.json"]) {
      const text = await Deno.readTextFile(join(at, name)).catch(() => undefined);
      if (text === undefined) continue;
      if (/"lock"\s*:/.test(text)) return true;
      return await Deno.stat(join(at, "deno.lock")).then(() => true, () => false);
    }
    if (dirname(at) === at) return false;
  }
}
