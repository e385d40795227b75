/**
 * Finds seeds: which keys name one, and which integers stand under them in parsed configurations,
 * in command lines and in text. Values are taken from text, so seeds above 2^53 stay exact.
 * This module is browser compatible.
 *
 * @module
 */

/** A seed found inside one source, before the source is known. */
export interface SeedValue {
  /** The seed. */
  readonly value: bigint;
  /** Where it stands, parts joined with dots; a list element is `[2]`. */
  readonly path: string;
}

const RNG_PARTS = new Set(["python", "python_seed", "numpy", "torch", "cuda", "jax", "random"]);

/** Deepest nesting of a configuration that is searched. */
const CONFIG_DEPTH_MAX = 32;

/** Most values of a configuration that are looked at. */
const CONFIG_VALUES_MAX = 1_000_000;

/** Whether a key path names a seed: `seed`, `data.seed`, `random_seed`, `seed_everything`, `rng.python`. */
export function isSeedKey(path: string): boolean {
  const cut = Math.max(path.lastIndexOf("."), path.lastIndexOf("/"));
  const last = path.slice(cut + 1).toLowerCase();
  if (last === "seed" || last === "seed_everything" || last.endsWith("_seed")) return true;
  if (last === "manualseed" || last === "randomseed" || last === "pl_global_seed") return true;
  return cut > 0 && RNG_PARTS.has(last) && /(^|[./])rng$/.test(path.slice(0, cut));
}

/** A seed as text, `42`, `-7` or pandas' `42.0`, as an integer; undefined for anything else. */
export function parseSeed(text: string): bigint | undefined {
  const match = /^\s*([+-]?)(\d{1,1000})(?:\.0*)?\s*$/.exec(text);
  if (match === null) return undefined;
  const magnitude = BigInt(match[2]!);
  return match[1] === "-" ? -magnitude : magnitude;
}

/** The integer that a value of a configuration is, if it is one. */
function seedOf(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === "string" ? parseSeed(value) : undefined;
}

/**
 * All seeds in a parsed configuration (objects, maps, arrays), in order. W&B's `seed: {value: 42}` is
 * understood, and so are seeds inside text such as `Namespace(seed=42)`.
 */
export function seedsInConfig(config: unknown): SeedValue[] {
  const found: SeedValue[] = [];
  let left = CONFIG_VALUES_MAX;
  const visit = (value: unknown, path: string, depth: number): void => {
    if (depth > CONFIG_DEPTH_MAX || left-- <= 0) return;
    if (typeof value === "string") {
      if (!isSeedKey(path) && /seed/i.test(value)) {
        for (const seed of seedsInText(value)) {
          found.push({ value: seed.value, path: path === "" ? seed.path : `${path}.${seed.path}` });
        }
        return;
      }
    }
    if (isSeedKey(path) || (path.endsWith(".value") && isSeedKey(path.slice(0, -6)))) {
      const seed = seedOf(value);
      if (seed !== undefined) found.push({ value: seed, path });
    }
    if (Array.isArray(value)) {
      if (value.every((item) => typeof item === "string")) {
        for (const seed of seedsInArguments(value)) {
          found.push({ value: seed.value, path: path === "" ? seed.path : `${path}.${seed.path}` });
        }
      } else value.forEach((item, i) => visit(item, `${path}[${i}]`, depth + 1));
    } else if (typeof value === "object" && value !== null) {
      const entries = value instanceof Map ? value : Object.entries(value);
      for (const [key, item] of entries) {
        visit(item, path === "" ? String(key) : `${path}.${key}`, depth + 1);
      }
    }
  };
  visit(config, "", 0);
  return found;
}

/** Seeds among the words of a command: `--seed 42`, `--seed=42`, `--train.seed 42`, `data.seed=42`. */
export function seedsInArguments(words: readonly string[]): SeedValue[] {
  const found: SeedValue[] = [];
  words.forEach((word, i) => {
    const [name, ...rest] = word.replace(/^[-+~]+/, "").split("=");
    if (!isSeedKey(name!.replaceAll("-", "_"))) return;
    const text = rest.length > 0 ? rest.join("=") : word.startsWith("-") ? words[i + 1] ?? "" : "";
    const value = parseSeed(text);
    if (value !== undefined) {
      found.push({ value, path: rest.length > 0 ? word.split("=")[0]! : word });
    }
  });
  return found;
}

/** `Global seed set to 42`, `Using seed 5`, `--seed 7`, `manual_seed(3)`. */
const SPOKEN =
  /(?<![A-Za-z\d_])((?:[A-Za-z]{1,20}_)?seed)(?:ed)?(?: (?:is|was|set|to|with)){0,3}[ (](-?\d{1,100})(?![\w.])/gi;

/** Seeds in free text, such as `Namespace(seed=42)`, a JSON text or a Markdown table of settings. */
export function seedsInText(text: string): SeedValue[] {
  const found: SeedValue[] = [];
  const pattern =
    /([A-Za-z_][\w./-]{0,100}?)["'`]?\s{0,4}(?:[=:|]|\.{3,100})\s{0,4}["'`]?(-?\d{1,100})(?![\w.])/g;
  for (const match of text.slice(0, 2 ** 20).matchAll(pattern)) {
    const path = match[1]!;
    if (isSeedKey(path)) found.push({ value: BigInt(match[2]!), path });
  }
  for (const match of text.slice(0, 2 ** 20).matchAll(SPOKEN)) {
    found.push({ value: BigInt(match[2]!), path: match[1]! });
  }
  return found;
}

/** The seed that a file's own path names, as in `runs/seed_7/run.jsonl`: the innermost one counts. */
export function seedInPath(path: string): SeedValue | undefined {
  const matches = [...path.matchAll(/seed[_=-]?(\d{1,100})/gi)];
  const last = matches.at(-1);
  return last === undefined ? undefined : { value: BigInt(last[1]!), path: "path" };
}
