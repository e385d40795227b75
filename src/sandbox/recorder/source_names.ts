/**
 * What the files that a bundle was made of are called in what leaves the author's machine: nothing of
 * where they lie on it.
 *
 * @module
 */

import { basename, relative, resolve, sep } from "node:path";

/** A file that went into a bundle. */
export interface SourceFile {
  /**
   * Its public name: relative to the module's folder, `npm:name@version/path` for what lies in a package,
   * `jsr:@scope/name@version/path`, else the last part of its path.
   */
  readonly name: string;
  /** Its absolute path; undefined for a remote module. */
  readonly path: string | undefined;
  /** The package that it belongs to, `npm:name@version` or `jsr:@scope/name@version`. */
  readonly package: string | undefined;
}

/** A package in Deno's cache: `npm/<registry>/<name>/<version>/<file>`. */
const IN_CACHE = /\/npm\/[^/]+\/((?:@[^/]+\/)?[^/@]+)\/(\d+\.\d+\.\d+[^/]*)\/(.+)$/;

/** A package in a folder of packages; of nested ones the innermost. */
const IN_MODULES = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/@]+))\/(.+)$/;

const ON_JSR = /^https:\/\/jsr\.io\/(@[^/]+\/[^/]+)\/([^/]+)\/(.+)$/;

/**
 * Names a file of a bundle.
 *
 * @param source The file as the bundler names it: a path relative to `folder`, or a URL after `deno:`.
 * @param folder Absolute path of the step module's folder.
 */
export function sourceFile(source: string, folder: string): SourceFile {
  const url = source.replace(/^deno:/, "");
  if (/^[a-z][a-z+.-]+:/.test(url) && !url.startsWith("file:")) return remoteFile(url);
  const path = resolve(folder, url.startsWith("file:") ? new URL(url).pathname : url);
  const inside = relative(folder, path).replaceAll(sep, "/");
  const posix = path.replaceAll(sep, "/");
  const [, cachedName, cachedVersion, cachedFile] = IN_CACHE.exec(posix) ?? [];
  if (cachedFile !== undefined) {
    return packageFile(`npm:${cachedName}@${cachedVersion}`, cachedFile, path);
  }
  const [, root, name, file] = IN_MODULES.exec(posix) ?? [];
  // A step module may itself lie in a package, as the examples of a library do.
  if (file !== undefined && !folder.replaceAll(sep, "/").startsWith(`${root}/`)) {
    const version = versionOf(root!);
    // The map of a package may lead out of it: what is called as a package then is none.
    return version === undefined
      ? packageFile("npm:...", basename(path), path)
      : packageFile(`npm:${name}@${version}`, file, path);
  }
  const isInside = inside !== "" && !inside.startsWith("../") && inside !== "..";
  return { name: isInside ? inside : basename(path), path, package: undefined };
}

function packageFile(owner: string, file: string, path: string | undefined): SourceFile {
  return { name: `${owner}/${file}`, path, package: owner };
}

/** Of a remote module nothing but its file's name, save on JSR, where everybody can look it up. */
function remoteFile(url: string): SourceFile {
  const [, name, version, file] = ON_JSR.exec(url) ?? [];
  if (file !== undefined) return packageFile(`jsr:${name}@${version}`, file, undefined);
  const last = url.replace(/[?#].*$/s, "").replace(/\/+$/, "").replace(/^.*\//s, "");
  return { name: url.startsWith("data:") ? "data:" : last, path: undefined, package: undefined };
}

/** The version of a package; undefined where there is none. */
function versionOf(root: string): string | undefined {
  try {
    const { version } = JSON.parse(Deno.readTextFileSync(`${root}/package.json`));
    return typeof version === "string" ? version : "0.0.0";
  } catch {
    return undefined;
  }
}
