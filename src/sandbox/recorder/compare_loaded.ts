/**
 * Whether a bundle is the program that it was made from: both are loaded and run side by side. The text of
 * {@linkcode compareLoaded} runs in a process of its own, so it stands alone: it uses nothing of this file or of others.
 *
 * @module
 */

/** What a step module exports, as far as anybody knows. */
type Namespace = Readonly<Record<string, unknown>>;

/** Loads one. */
type Load = () => Promise<Namespace>;

/** What the comparison needs of its surroundings. */
export interface Compared {
  /** Each loads an instance of the module as its author wrote it. */
  readonly loadModule: readonly [Load, Load, Load];
  /** Loads its bundle. */
  readonly loadBundle: Load;
  /** A generator of a backend; undefined for a name that is none. */
  readonly createRng: (name: string, seed: bigint) => unknown;
}

/**
 * The first difference between a module and its bundle: in what they export, or in the first states that they make.
 * Clock and entropy are replaced by fixed ones. What is asked of both and fails in both is no difference, and neither is a
 * module that Deno cannot resolve, or a place where two instances of it differ, too: what is behind that is told while
 * recording.
 *
 * @returns What differs, in words; undefined if nothing does.
 */
export async function compareLoaded(
  { loadModule, loadBundle, createRng }: Compared,
): Promise<string | undefined> {
  const NAMES = ["params", "rng", "init", "step", "observe", "codec", "picture"];
  /** Bounds of the work: states, values of one comparison, milliseconds in all. */
  const STEPS_MAX = 20;
  const VALUES_MAX = 20_000;
  const MILLISECONDS_MAX = 150;
  const now = performance.now.bind(performance);
  // deno-lint-ignore no-explicit-any -- what strangers export
  type Any = any;
  class Difference extends Error {}

  const fixChance = (): void => {
    const START = 946_684_800_000;
    let draws = 0;
    Math.random = () => (draws = (draws * 69_069 + 1) % 2 ** 32) / 2 ** 32;
    Date.now = () => START;
    performance.now = () => 0;
  };
  const words = (value: unknown): string => {
    if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
    if (typeof value === "function") return value.name === "" ? "a function" : value.name;
    if (typeof value === "object" && value !== null) {
      return Object.prototype.toString.call(value).slice(8, -1);
    }
    return Object.is(value, -0) ? "-0" : `${String(value)}${typeof value === "bigint" ? "n" : ""}`;
  };
  const fail = (path: string, module: string, bundle: string): never => {
    throw new Difference(`${path} is ${bundle} in the bundle, and ${module} in the module`, {
      cause: path,
    });
  };
  const nameOf = (key: string | symbol): string => typeof key === "symbol" ? String(key) : key;
  const join = (path: string, key: string | symbol): string =>
    typeof key === "string" && /^\d+$/.test(key)
      ? `${path}[${key}]`
      : typeof key === "string" && /^[\w$]+$/.test(key)
      ? `${path}.${key}`
      : `${path}[${typeof key === "string" ? JSON.stringify(key) : String(key)}]`;

  const compare = (path: string, one: unknown, other: unknown): void => {
    const stack: [string, unknown, unknown][] = [[path, one, other]];
    const seen = new Map<unknown, unknown>();
    const later = (where: string, x: unknown, y: unknown): void => void stack.push([where, x, y]);
    for (let values = 0; values < VALUES_MAX; values++) {
      const next = stack.pop();
      if (next === undefined) return;
      const [at, a, b] = next as [string, Any, Any];
      if (Object.is(a, b)) continue;
      const isObject = (typeof a === "object" && a !== null) || typeof a === "function";
      if (typeof a === "symbol" && typeof b === "symbol" && a.description === b.description) {
        continue;
      }
      if (!isObject || typeof a !== typeof b || b === null) fail(at, words(a), words(b));
      if (seen.get(a) === b) continue;
      seen.set(a, b);
      const tag = Object.prototype.toString.call(a);
      if (tag !== Object.prototype.toString.call(b)) fail(at, words(a), words(b));
      if (tag === "[object Module]") {
        // A namespace of CommonJS has names of the runtime's own besides.
        const keys = (ns: object) =>
          Object.keys(ns).filter((key) => key !== "module.exports" && key !== "__esModule");
        if (keys(a).join() !== keys(b).join()) {
          fail(`Object.keys(${at})`, keys(a).join(), keys(b).join());
        }
        for (const key of keys(a)) later(join(at, key), a[key], b[key]);
        continue;
      }
      if (typeof a === "function") {
        if (a.name !== b.name) fail(`${at}.name`, words(a.name), words(b.name));
        if (a.length !== b.length) fail(`${at}.length`, `${a.length}`, `${b.length}`);
      }
      if (Array.isArray(a)) {
        if (a.length !== b.length) fail(`${at}.length`, `${a.length}`, `${b.length}`);
      }
      if (ArrayBuffer.isView(a) && !(a instanceof DataView)) {
        const [x, y] = [Array.from(a as Any, String).join(), Array.from(b, String).join()];
        if (x !== y) fail(at, x.slice(0, 60), y.slice(0, 60));
        continue;
      }
      if (a instanceof Date) later(`${at}.getTime()`, a.getTime(), b.getTime());
      if (a instanceof RegExp) later(`String(${at})`, String(a), String(b));
      if (a instanceof Map) later(`[...${at}]`, [...a], [...b]);
      if (a instanceof Set) later(`[...${at}]`, [...a], [...b]);
      later(`Object.getPrototypeOf(${at})`, Object.getPrototypeOf(a), Object.getPrototypeOf(b));
      const keys = Reflect.ownKeys(a), others = Reflect.ownKeys(b);
      if (keys.map(nameOf).join() !== others.map(nameOf).join()) {
        const odd = keys.find((key) => !Object.hasOwn(b, key)) ??
          others.find((key) => !Object.hasOwn(a, key));
        if (odd === undefined) {
          fail(`the order of keys of ${at}`, keys.map(nameOf).join(), others.map(nameOf).join());
        }
        fail(
          join(at, odd!),
          Object.hasOwn(a, odd!) ? "there" : "missing",
          Object.hasOwn(b, odd!) ? "there" : "missing",
        );
      }
      // The first key is compared first.
      for (const [i, key] of [...keys.entries()].reverse()) {
        if (typeof a === "function" && (key === "arguments" || key === "caller")) continue;
        const x = Object.getOwnPropertyDescriptor(a, key),
          y = Object.getOwnPropertyDescriptor(b, others[i]!);
        if (x === undefined || y === undefined) continue;
        if ("value" in x && "value" in y) later(join(at, key), x.value, y.value);
        else if (!("value" in x) && !("value" in y)) later(join(at, key), x.get, y.get);
      }
    }
  };

  /** What both do; undefined where both fail. */
  const both = (path: string, act: (i: 0 | 1) => unknown): [unknown, unknown] | undefined => {
    const results = ([0, 1] as const).map((i) => {
      fixChance();
      try {
        return { value: act(i) };
      } catch (error) {
        return { error };
      }
    });
    const [a, b] = results as [{ value?: unknown; error?: Any }, { value?: unknown; error?: Any }];
    const [failsA, failsB] = ["error" in a, "error" in b];
    if (failsA && failsB) return undefined;
    const said = (error: Any): string =>
      `an error (${String(error?.message ?? error).slice(0, 200)})`;
    if (failsA) fail(path, said(a.error), words(b.value));
    if (failsB) fail(path, words(a.value), said(b.error));
    compare(path, a.value, b.value);
    return [a.value, b.value];
  };

  const run = (sides: readonly [Any, Any]): void => {
    for (const name of NAMES) both(name, (i) => sides[i][name]);
    const end = now() + MILLISECONDS_MAX;
    const rngs = sides.map(({ rng }) => createRng(typeof rng === "string" ? rng : "python", 1n));
    let states = both("X_0", (i) => {
      const { init, params } = sides[i];
      return typeof init === "function" ? init(params, rngs[i]) : init;
    });
    for (let t = 0; t < STEPS_MAX && states !== undefined && now() < end; t++) {
      for (const name of Object.keys(sides[0].observe ?? {})) {
        both(`observe.${name} at t=${t}`, (i) => sides[i].observe[name](states![i]));
      }
      states = both(`X_${t + 1}`, (i) => sides[i].step(states![i], rngs[i], sides[i].params, t));
    }
  };

  const loaded: { namespace?: Namespace; error?: Any }[] = [];
  for (const load of [loadModule[0], loadBundle]) {
    fixChance();
    loaded.push(await load().then((namespace) => ({ namespace }), (error) => ({ error })));
  }
  const [module, bundle] = loaded as [
    { namespace?: Any; error?: Any },
    { namespace?: Any; error?: Any },
  ];
  // The sandbox tells of a bundle that does not load, and of a module without rewind's own at hand nobody knows.
  if (bundle.namespace === undefined || module.error?.code === "ERR_MODULE_NOT_FOUND") {
    return undefined;
  }
  if (module.namespace === undefined) {
    return `the module does not load (${
      String(module.error?.message ?? module.error).slice(0, 200)
    }), and the bundle does`;
  }
  const differenceOf = (sides: readonly [Any, Any]): Error | undefined => {
    try {
      run(sides);
    } catch (error) {
      if (error instanceof Difference) return error;
      // Objects that refuse to be looked at, such as revoked proxies, say nothing.
    }
    return undefined;
  };
  const difference = differenceOf([module.namespace, bundle.namespace]);
  if (difference === undefined) return undefined;
  const again = [await loadModule[1](), await loadModule[2]()] as const;
  return differenceOf(again)?.cause === difference.cause ? undefined : difference.message;
}
