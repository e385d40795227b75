/**
 * The author's files that a bundle was made of: what they are called, what stands in them, and which of
 * them are data that was not to be read.
 *
 * @module
 */

import { relative } from "node:path";
import type { EncodedMap } from "../../artifact/source_map.ts";
import { PlaceFinder } from "../host/place_finder.ts";
import { type SourceFile, sourceFile } from "./source_names.ts";
import type { AuthorPlace } from "../../error_types.ts";

/** Names of files that hold code; what else a module imports is data. */
const CODE = /\.(?:[cm]?[jt]s|[jt]sx|wasm)$/i;

/** The files of one bundle. */
export class BundleFiles {
  /** The map of the bundle, with the numbers of the files as their names. */
  readonly map: EncodedMap;
  readonly #folder: string;
  readonly #places: PlaceFinder;
  /** The files that the map leads to: where a package has maps of its own, those that it was made from. */
  readonly #files: readonly SourceFile[];
  readonly #texts: readonly string[];
  /** The files that were read, in order. */
  readonly #read: ReadonlyMap<string, SourceFile>;
  readonly #lines = new Map<number, string[]>();

  /**
   * @param map The map of the bundle.
   * @param read The files that the bundler names in the bundle.
   * @param folder Absolute path of the step module's folder, which all names are relative to.
   */
  constructor(map: EncodedMap, read: readonly string[], folder: string) {
    // Readers of maps resolve names as URLs: numbers stay what they are.
    this.map = { ...map, sources: map.sources.map((_, i) => `${i}`) };
    this.#folder = folder;
    this.#places = new PlaceFinder(this.map);
    this.#files = map.sources.map((source) => sourceFile(source!, folder));
    this.#texts = map.sources.map((_, i) => map.sourcesContent?.[i] ?? "");
    this.#read = new Map(read.map((source) => [source, sourceFile(source, folder)]));
  }

  /** Public name of a file that the bundler names. */
  nameOf(source: string): string {
    return sourceFile(source, this.#folder).name;
  }

  /** The packages in the bundle, as `npm:name@version`, in order. */
  packages(): string[] {
    const packages = [...this.#read.values()].flatMap((file) => file.package ?? []);
    return [...new Set(packages)].sort();
  }

  /** Whether a public name is that of a file of the author, and not of a package. */
  isOwn(name: string | undefined): boolean {
    return this.#files.some((file) => file.name === name && file.package === undefined);
  }

  /** Where in the author's files a place of the bundle comes from; undefined where nobody wrote it. */
  placeOf(line: number, column: number): AuthorPlace | undefined {
    const place = this.#places.placeOf(line, column);
    return place === undefined
      ? undefined
      : { ...place, file: this.#files[Number(place.file)]!.name };
  }

  /**
   * The rest of the line at a place of the bundle, in the file that was read; undefined where it was in none,
   * or where that file was made from another.
   */
  textBehind(line: number, column: number): string | undefined {
    const place = this.#places.placeOf(line, column);
    if (place === undefined) return undefined;
    const file = Number(place.file);
    if (!this.#isRead(this.#files[file]!)) return undefined;
    let lines = this.#lines.get(file);
    if (lines === undefined) this.#lines.set(file, lines = this.#texts[file]!.split("\n"));
    return lines[place.line - 1]?.slice(place.column - 1);
  }

  /** A map that leads to the bundle's files by number, with public names; texts of packages stay out. */
  publicMap({ sources, mappings }: EncodedMap, options: { withTexts: boolean }): EncodedMap {
    const files = sources.map((source) => this.#files[Number(source)]!);
    const texts = sources.map((source, i) =>
      files[i]!.package === undefined ? this.#texts[Number(source)]! : null
    );
    return {
      version: 3,
      sources: files.map(({ name }) => name),
      ...(options.withTexts ? { sourcesContent: texts } : {}),
      names: [],
      mappings,
    };
  }

  /**
   * Files that were read as data although they lie outside of every folder that may be read, save those of
   * packages.
   *
   * @param texts Strings of the bundle: a file read as text or bytes is one of them.
   * @param folders Absolute paths.
   */
  async foreignData(texts: ReadonlySet<string>, folders: readonly string[]): Promise<SourceFile[]> {
    const lengths = new Set(Array.from(texts, (text) => text.length));
    const roots = await Promise.all(folders.map((folder) => Deno.realPath(folder)));
    const foreign: SourceFile[] = [];
    const files = [...this.#files, ...this.#read.values()];
    for (const [i, file] of files.entries()) {
      const text = this.#texts[i] ?? "";
      // The whole text of a file, or its bytes in base 64, among the strings: it was read as data.
      const isText = lengths.has(text.length) && texts.has(text);
      const isData = !CODE.test(file.path ?? "") || isText ||
        (mayBeBase64(text, lengths) && texts.has(base64(text)));
      if (file.path === undefined || !isData) continue;
      // A link in the folder leads where it leads.
      const real = await Deno.realPath(file.path).catch(() => undefined);
      // What is not there was not read: a package names files that it was made from.
      if (real === undefined) continue;
      const isInside = roots.some((root) => !/^\.\.(?:[\\/]|$)/.test(relative(root, real)));
      if (!isInside && sourceFile(real, roots[0]!).package === undefined) foreign.push(file);
    }
    return foreign;
  }

  #isRead({ path }: SourceFile): boolean {
    return [...this.#read.values()].some((file) => file.path === path);
  }
}

function mayBeBase64(text: string, lengths: ReadonlySet<number>): boolean {
  // A UTF-16 unit takes one to three bytes of UTF-8.
  for (let bytes = text.length; bytes <= 3 * text.length; bytes++) {
    if (lengths.has(4 * Math.ceil(bytes / 3))) return true;
  }
  return false;
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
