/**
 * Reads a step module that imports others: bundles it with them, and makes of the bundle what the sandbox
 * runs.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { StepModuleError } from "../../errors.ts";
import { checkSource } from "../host/static_rules.ts";
import { bundleModule, type Platform } from "./bundle_module.ts";
import { asksForChance } from "./asks_for_chance.ts";
import { BundleFiles } from "./bundle_files.ts";
import { bundleDifference } from "./check_bundle.ts";
import { Edits } from "./edits.ts";
import { escapeWords, NO_MODULES, type Refusal } from "./escape_words.ts";
import { filesIn, mendBundle } from "./mend_bundle.ts";
import { linkOwnImports } from "./own_imports.ts";
import { giveOwnGlobal } from "./own_global.ts";
import { powerOperatorIn } from "./power_operator.ts";
import { refusalError } from "./refusal_error.ts";
import type { EncodedMap } from "../../artifact/source_map.ts";
import { composeMaps, thinMap } from "./source_map.ts";
import { LineIndex, parseModule, type Syntax, visitsOf } from "./syntax.ts";
import type { AuthorPlace } from "../../error_types.ts";

/** What a bundle may be made of. */
export interface ReadBundleOptions {
  /** Whether packages and remote modules may be downloaded. */
  readonly allowNet: boolean;
  /** Folders whose data files may be imported; the module's own is the first. */
  readonly folders: readonly string[];
  /** Whether the map holds the texts of the author's files. */
  readonly embedSources: boolean;
  /** Whether the bundle is compared with the module. */
  readonly compare: boolean;
}

/** A bundle for the sandbox. */
export interface ReadBundle {
  /** Its text. */
  readonly source: string;
  /** The map back to the author's files. */
  readonly map: EncodedMap;
  /** Where `**` is used first, if anywhere. */
  readonly powerPlace: AuthorPlace | undefined;
  /** Whether packages are in it, and none of the author's own code asks for the time or for random numbers. */
  readonly mayShimLoad: boolean;
  /** What the author should know. */
  readonly notes: readonly string[];
}

/**
 * Bundles a module. Of packages the builds for Deno are taken; if these need modules of the runtime, which the
 * sandbox does not have, those for browsers.
 *
 * @throws {StepModuleError} If it cannot be bundled, or if what remains cannot run in the sandbox.
 */
export async function readBundle(path: string, options: ReadBundleOptions): Promise<ReadBundle> {
  const first = await attempt("deno", path, options);
  if (first.refusals.length === 0) {
    const bundle = finished(first, options);
    const difference = await differenceOf(path, bundle, options);
    if (difference === undefined) return bundle;
    throw new StepModuleError(
      `Cannot load '${path}': bundled into one module it is another program: ${difference}`,
      { hint: DIFFERENCE_HINT },
    );
  }
  const needs = [...new Set(first.refusals.map(({ what }) => what))];
  const second = first.refusals.every(({ isOfRuntime }) => isOfRuntime)
    ? await attempt("browser", path, options).catch(ignoreUnbundled)
    : undefined;
  if (second === undefined || second.refusals.length > 0) {
    throw refusalError(path, first.refusals, first.placeOf);
  }
  const packages = second.files.packages().join(", ");
  const note = `packages are taken in their builds for browsers (${packages}), as those for Deno ` +
    `have what the sandbox has not: ${needs.join(", ")}`;
  const bundle = finished(second, options);
  const difference = await differenceOf(path, bundle, options);
  const notes = difference === undefined ? [note] : [note, `these builds differ: ${difference}`];
  return { ...bundle, notes };
}

const DIFFERENCE_HINT = "what bundling drops or moves is listed in docs/step-modules.md; " +
  "--no-guards takes the bundle as it is";

async function differenceOf(
  path: string,
  { source }: ReadBundle,
  { compare, allowNet }: ReadBundleOptions,
): Promise<string | undefined> {
  return compare ? await bundleDifference(resolve(path), source, { allowNet }) : undefined;
}

/** A bundle with the changes that it needs. */
interface Attempt {
  readonly text: string;
  readonly files: BundleFiles;
  readonly edits: Edits;
  readonly refusals: readonly Refusal[];
  /** Where in the author's files an offset of the bundle comes from. */
  readonly placeOf: (offset: number) => AuthorPlace | undefined;
  readonly powerPlace: AuthorPlace | undefined;
  readonly mayShimLoad: boolean;
}

async function attempt(
  platform: Platform,
  path: string,
  { allowNet, folders }: ReadBundleOptions,
): Promise<Attempt> {
  const { text, map } = await bundleModule(resolve(path), { platform, allowNet });
  const syntax = parsed(text, path);
  const files = new BundleFiles(map, filesIn(syntax), dirname(resolve(path)));
  await refuseForeignData(syntax, { path, files, folders });
  const edits = new Edits();
  mendBundle(syntax, edits, files);
  const found = [
    ...linkOwnImports(syntax, edits),
    // In builds for browsers a package may try to require what it can do without.
    ...platform === "deno" ? requiredModules(syntax) : [],
    ...escapeWords(syntax, edits),
  ];
  const lines = new LineIndex(text);
  const placeOf = (offset: number): AuthorPlace | undefined => {
    const { line, column } = lines.positionOf(offset);
    return files.placeOf(line, column);
  };
  // What nobody wrote the bundler put there, to reach what the runtime has; somebody needs it.
  const written = found.filter(({ offset }) => placeOf(offset) !== undefined);
  const refusals = written.length > 0
    ? written
    : found.map((refusal) => ({ ...refusal, isOfRuntime: true }));
  const power = powerOperatorIn(syntax);
  const powerPlace = power === undefined ? undefined : placeOf(power);
  const isOwn = (offset: number): boolean => files.isOwn(placeOf(offset)?.file);
  if (files.packages().length > 0) giveOwnGlobal(syntax, edits, (offset) => !isOwn(offset));
  const mayShimLoad = files.packages().length > 0 && !asksForChance(syntax, isOwn);
  return { text, files, edits, refusals, placeOf, powerPlace, mayShimLoad };
}

function finished(bundle: Attempt, options: ReadBundleOptions): ReadBundle {
  const { text, files, edits, powerPlace, mayShimLoad } = bundle;
  const printed = edits.apply(text);
  checkSource(printed.text);
  const map = files.publicMap(thinMap(composeMaps(printed.map, files.map)), {
    withTexts: options.embedSources,
  });
  return { source: printed.text, map, powerPlace, mayShimLoad, notes: [] };
}

/** Modules of the runtime that CommonJS packages require. */
function requiredModules({ program }: Syntax): Refusal[] {
  const required: Refusal[] = [];
  for (const { node } of visitsOf(program)) {
    if (node.type !== "CallExpression" || node.callee.type !== "Identifier") continue;
    const [name] = node.arguments;
    if (!/^(?:__)?require\d*$/.test(node.callee.name) || name?.type !== "Literal") continue;
    if (!`${name.value}`.startsWith("node:")) continue;
    required.push({
      offset: node.start,
      what: `requires ${JSON.stringify(name.value)}`,
      hint: NO_MODULES,
      isOfRuntime: true,
    });
  }
  return required;
}

function parsed(text: string, path: string): Syntax {
  try {
    return parseModule(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new StepModuleError(
      `Cannot load '${path}': what it is bundled into has syntax that rewind does not know: ${error.message}`,
      { cause: error },
    );
  }
}

/** Refuses data that the module reads from elsewhere: it would travel in the artifact. */
async function refuseForeignData(
  { program }: Syntax,
  { path, files, folders }: { path: string; files: BundleFiles; folders: readonly string[] },
): Promise<void> {
  const texts = new Set<string>();
  for (const { node } of visitsOf(program)) {
    if (node.type === "Literal" && typeof node.value === "string") texts.add(node.value);
    else if (node.type === "TemplateElement") texts.add(node.value.cooked ?? "");
  }
  const [foreign] = await files.foreignData(texts, folders);
  if (foreign === undefined) return;
  throw new StepModuleError(
    `Cannot load '${path}': it imports the data file '${foreign.path}', which lies outside of its folder`,
    { hint: `pass --allow-data=${dirname(foreign.path!)} to let it be read and put into the file` },
  );
}

/** A second way that does not work either leaves the reasons of the first. */
function ignoreUnbundled(error: unknown): undefined {
  if (!(error instanceof StepModuleError)) throw error;
}
