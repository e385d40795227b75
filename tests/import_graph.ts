/**
 * The modules of this project and who imports whom, as text: what the tests of its structure look at.
 *
 * @module
 */

/** Folder of the project. */
export const ROOT: string = new URL("../", import.meta.url).pathname;

/** One module as the rules see it. */
export interface Module {
  readonly path: string;
  /** Its text without block comments. */
  readonly text: string;
  /** Number of lines of the file. */
  readonly lines: number;
  /** Paths of the modules of this project that it imports, in whatever way. */
  readonly imports: readonly string[];
  /** Those of `imports` that are loaded with it: not those by `import()`. */
  readonly loads: readonly string[];
  /** Bare and scheme specifiers that it imports. */
  readonly foreign: readonly string[];
}

/** A module from its text. */
export function moduleOf(path: string, text: string): Module {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
  const names = (form: RegExp) => [...code.matchAll(form)].map((match) => match[1]!);
  const paths = (specifiers: string[]) =>
    specifiers.filter((name) => name.startsWith(".")).map((name) =>
      new URL(name, `file:///${path}`).pathname.slice(1)
    );
  const all = names(/(?:\bfrom\s*|\bimport\s*\(?\s*)"([^"]+)"/g);
  return {
    path,
    text: code,
    lines: text.split("\n").length - 1,
    imports: paths(all),
    loads: paths(names(/(?:\bfrom\s*|\bimport\s+)"([^"]+)"/g)),
    foreign: all.filter((name) => !name.startsWith(".")),
  };
}

/** All modules of a folder but the generated ones. */
export async function readModules(folder: string): Promise<Module[]> {
  const modules: Module[] = [];
  for await (const entry of Deno.readDir(ROOT + folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) modules.push(...await readModules(path));
    else if (path.endsWith(".ts") && !path.endsWith(".generated.ts")) {
      modules.push(moduleOf(path, await Deno.readTextFile(ROOT + path)));
    }
  }
  return modules;
}

/** All modules that a module reaches. */
export function reach(modules: readonly Module[], path: string): Set<string> {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const seen = new Set<string>();
  const visit = (current: string): void => {
    if (seen.has(current)) return;
    seen.add(current);
    byPath.get(current)?.imports.forEach(visit);
  };
  visit(path);
  return seen;
}

/** Circles among modules that load each other, each as the paths along it; one per place where one closes. */
export function circlesOf(modules: readonly Module[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const done = new Set<string>();
  const path: string[] = [];
  const circles: string[] = [];
  const visit = (current: string): void => {
    const start = path.indexOf(current);
    if (start >= 0) {
      circles.push([...path.slice(start), current].join(" > "));
      return;
    }
    if (done.has(current)) return;
    path.push(current);
    byPath.get(current)?.loads.forEach(visit);
    path.pop();
    done.add(current);
  };
  for (const module of modules) visit(module.path);
  return circles;
}
