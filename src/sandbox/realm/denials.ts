/**
 * What a step may not use, and what to tell its author instead: the texts of the determinism guard.
 * This module is browser compatible.
 *
 * @module
 */

/** Something that a step asked for and that the sandbox does not have. */
export interface Denial {
  /** What the step did, as a phrase that follows "step": `called Date.now()`. */
  readonly act: string;
  /** What the author should do instead. */
  readonly advice: string;
  /**
   * Whether a module that goes on after it while it loads is told of instead of refused: packages look
   * around then, and mostly for what they can do without.
   */
  readonly isToldWhileLoading?: boolean;
  /** The shim with which the run gives it, for a library that cannot do without. */
  readonly shim?: "clock" | "random";
}

/** Where user code was when something went wrong. */
export interface Place {
  /** Whose code ran: `step`, `init`, `observe.mean`, `codec`, `expression`. */
  readonly who: string;
  /** Index of the state being made or looked at; undefined while the module loads. */
  readonly t: number | undefined;
}

const RANDOMNESS = "all randomness must come from rng";
const TIME = `${RANDOMNESS}, and time from the state or params`;
const INPUT_OUTPUT = "a step does no I/O: pass what it needs in params or in the initial state";
const PRINTING =
  "a step shows nothing and asks nobody: write with console, and read it with `get --log`";
const LATER = "a step is one synchronous call: nothing can run later or beside it";
const LOCALE = "results must not depend on the locale of a machine: format and compare without it";
const CODE = "code cannot be made from text here: write it as a function";
const COLLECTION = "results must not depend on when memory is reclaimed";
const MEMORY = "memory shared with others is not data of the state: use a plain typed array";
const WASM = "the sandbox runs JavaScript only";
const MATCHES =
  "what was matched last is carried from call to call: use what exec() or match() returns";
const BUILT_IN =
  "built-in objects are the same for all who use them and cannot be changed: use an object or function " +
  "of your own";
const COMMON_JS = "in an ES module write `export`";
const LANGUAGE =
  "the sandbox has only what the JavaScript language itself defines: bundle a pure " +
  "JavaScript version of it";

const calls = (names: string[], advice: string): [string, Denial][] =>
  names.map((name) => [name, { act: `called ${name}()`, advice }]);
const uses = (names: string[], advice: string): [string, Denial][] =>
  names.map((name) => [name, { act: `used ${name}`, advice }]);

/** Denials by the name of the global that is missing in the sandbox. */
export const MISSING_GLOBALS: ReadonlyMap<string, Denial> = new Map<string, Denial>([
  ["crypto", {
    act: "used crypto (crypto.getRandomValues() or the like)",
    advice: RANDOMNESS,
    shim: "random",
  }],
  ["performance", {
    act: "used performance (performance.now() or the like)",
    advice: TIME,
    shim: "clock",
  }],
  ...uses(["Temporal", "Performance"], TIME),
  ...uses(["Crypto", "SubtleCrypto", "CryptoKey"], RANDOMNESS),
  ...uses(["Deno", "Bun", "process", "navigator", "location", "require"], INPUT_OUTPUT),
  ...uses(["localStorage", "sessionStorage", "caches", "indexedDB", "document"], INPUT_OUTPUT),
  ...uses(["WebSocket", "EventSource", "XMLHttpRequest", "BroadcastChannel"], INPUT_OUTPUT),
  ...uses(
    ["Request", "Response", "Headers", "FormData", "FileReader", "Blob", "File"],
    INPUT_OUTPUT,
  ),
  ...calls(["fetch"], INPUT_OUTPUT),
  ...calls(["alert", "confirm", "prompt", "reportError"], PRINTING),
  ...calls(["setTimeout", "setInterval", "setImmediate", "queueMicrotask"], LATER),
  ...calls(["clearTimeout", "clearInterval", "clearImmediate", "requestAnimationFrame"], LATER),
  ...uses(["Worker", "MessageChannel", "MessagePort", "AbortController", "AbortSignal"], LATER),
  ...uses(["Event", "EventTarget", "ReadableStream", "WritableStream", "TransformStream"], LATER),
  ...calls(["eval"], CODE),
  ...uses(["Intl"], LOCALE),
  ...uses(["WeakRef", "FinalizationRegistry"], COLLECTION),
  ...uses(["SharedArrayBuffer", "Atomics"], MEMORY),
  ...uses(["WebAssembly"], WASM),
  ...uses(["window", "self", "global", "Buffer"], LANGUAGE),
  ...uses(["module", "exports"], COMMON_JS),
  ...uses(["TextEncoder", "TextDecoder", "URL", "URLSearchParams", "DOMException"], LANGUAGE),
  ...calls(["atob", "btoa"], LANGUAGE),
]);

/** Names of {@linkcode MISSING_GLOBALS} that a Deno program does not have either, so that nothing differs. */
const MISSING_EVERYWHERE: ReadonlySet<string> = new Set(
  "Bun require indexedDB document XMLHttpRequest requestAnimationFrame window module exports".split(
    " ",
  ),
);

/** What else a Deno program has beyond the language, and may look for. */
const OTHER_GLOBALS: ReadonlySet<string> = new Set(
  ("ByteLengthQueuingStrategy Cache CacheStorage CloseEvent CompressionStream CountQueuingStrategy " +
    "CustomEvent DOMMatrix DOMMatrixReadOnly DOMPoint DOMPointReadOnly DOMQuad DOMRect " +
    "DOMRectReadOnly DecompressionStream ErrorEvent GPU GPUAdapter GPUBuffer GPUDevice GPUQueue " +
    "ImageBitmap ImageData Location Lock LockManager MessageEvent Navigator OffscreenCanvas " +
    "PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver ProgressEvent " +
    "PromiseRejectionEvent QuotaExceededError ReadableByteStreamController ReadableStreamBYOBReader " +
    "ReadableStreamDefaultController ReadableStreamDefaultReader Storage TextDecoderStream " +
    "TextEncoderStream TransformStreamDefaultController URLPattern Window " +
    "WritableStreamDefaultController WritableStreamDefaultWriter addEventListener close " +
    "createImageBitmap dispatchEvent hasOwnProperty isPrototypeOf onerror onload onunload " +
    "propertyIsEnumerable removeEventListener")
    .split(" "),
);

/**
 * The denial for looking for a global that is missing, if a Deno program would have found it: by `typeof`,
 * `in`, or as a property of `globalThis`.
 */
export function probeDenial(name: string): Denial | undefined {
  if (MISSING_EVERYWHERE.has(name)) return undefined;
  const advice = MISSING_GLOBALS.get(name)?.advice ??
    (OTHER_GLOBALS.has(name) ? LANGUAGE : undefined);
  if (advice === undefined) return undefined;
  return { act: `looked for ${name}`, advice, isToldWhileLoading: true };
}

/** Denials by the name of the method that is there but throws. */
export const DENIED_METHODS = {
  "Date.now": { act: "called Date.now()", advice: TIME, shim: "clock" },
  "new Date": { act: "called new Date()", advice: TIME, shim: "clock" },
  "Date": { act: "called Date()", advice: TIME, shim: "clock" },
  "Math.random": { act: "called Math.random()", advice: RANDOMNESS, shim: "random" },
  "Function": { act: "called Function()", advice: CODE, isToldWhileLoading: true },
} as const satisfies Record<string, Denial>;

/** The denial for a method whose result depends on the locale. */
export function localeDenial(method: string): Denial {
  return { act: `called ${method}()`, advice: LOCALE, isToldWhileLoading: true };
}

/** The denial for a property of `RegExp` that tells what was matched last. */
export function matchDenial(key: string): Denial {
  return { act: `used RegExp.${key}`, advice: MATCHES };
}

/** The denial for changing an object that the language comes with. */
export function changeDenial(what: string): Denial {
  return { act: `changed a built-in object (${what})`, advice: BUILT_IN };
}

/** What V8 says of a name that is not there, bare or as a property of `globalThis`. */
const MISSING_NAME =
  /^(?:([A-Za-z_$][\w$]*) is not defined|globalThis\.([A-Za-z_$][\w$]*) is not a (?:function|constructor))$/;

/** The denial behind an engine's message about a missing global, if it is about one of ours. */
export function denialOfMessage(message: string): Denial | undefined {
  const match = MISSING_NAME.exec(message);
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? undefined : MISSING_GLOBALS.get(name);
}

/**
 * One sentence for the author: who did what, when, and what to do instead.
 *
 * @param isSwallowed Whether the code went on as if nothing had happened.
 */
export function denialText(denial: Denial, place: Place, isSwallowed = false): string {
  const when = place.t === undefined ? "while loading" : `at t=${place.t}`;
  const advice = place.who === "init" && denial.advice === RANDOMNESS
    ? `${RANDOMNESS}, the second argument of init`
    : denial.advice;
  const shim = denial.shim === undefined
    ? ""
    : `; for a library that does so record with --shim ${denial.shim}`;
  return `${place.who} ${denial.act} ${when}${isSwallowed ? " and went on" : ""}: ${advice}${shim}`;
}
