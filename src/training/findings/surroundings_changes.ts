/**
 * What has changed about the surroundings of a command since its baseline, most suspicious first.
 * This module is browser compatible.
 *
 * @module
 */

import { pinnedBy } from "../command/replay_environment.ts";
import type { Surroundings } from "../command/surroundings.ts";

/** One thing that is not as it was. */
export interface SurroundingsChange {
  /** Its name, such as `package numpy` or `variable OMP_NUM_THREADS`. */
  readonly name: string;
  /** Value in the baseline; undefined if there was none. */
  readonly before: string | undefined;
  /** Value now; undefined if there is none. */
  readonly after: string | undefined;
  /** One line for people. */
  readonly text: string;
}

/** Packages whose code makes numbers, whether or not it is known that they were imported. */
const NUMERIC =
  /^package (?:torch.*|tensorflow.*|keras.*|jax.*|flax|optax|numpy|scipy|cupy.*|triton|xformers|flash-attn|bitsandbytes|transformers|trl|peft|accelerate|deepspeed|datasets|tokenizers|lightning.*|pytorch-lightning|scikit-learn|xgboost|lightgbm|pandas|gym.*|stable-baselines3|ray|vllm|nvidia-.*|mkl.*|openblas.*)$/;

/** Modules whose packages have another name. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  sklearn: "scikit-learn",
  cv2: "opencv-python",
  pil: "pillow",
  yaml: "pyyaml",
  tensorflow: "tensorflow-cpu",
};

/** Kinds of facts by how likely a change of one changes numbers, most likely first. */
const KINDS: readonly ((name: string, imported: ReadonlySet<string>) => boolean)[] = [
  (name) => name === "command",
  (name) => name === "commit",
  (name) => name.startsWith("file "),
  (name) => name.startsWith("uncommitted "),
  (name, imported) => name.startsWith("package ") && imported.has(name) && NUMERIC.test(name),
  (name) => name === "torch build" || name === "torch cuda",
  (name) =>
    /^(?:own )?variable \w*(?:THREADS|DETERMINIS|CUBLAS_WORKSPACE|HASHSEED|TF32|CUDA_VISIBLE)/
      .test(name),
  (name) => name === "torch threads" || name === "cores",
  (name) => name === "python",
  (name) => name === "gpu" || name === "torch cudnn" || name === "nvidia driver",
  (name, imported) => name.startsWith("package ") && imported.has(name),
  (name) => NUMERIC.test(name),
  (name) => name === "processor" || name === "processor flags",
  (name) => name.startsWith("variable "),
  (name) => name === "system",
  () => true,
];

/** Every fact that differs, most suspicious first; one that only one side could know is left out. */
export function surroundingsChanges(
  before: Surroundings,
  after: Surroundings,
): SurroundingsChange[] {
  const imported = new Set(
    [...before.imported, ...after.imported].flatMap((module) => {
      const name = module.toLowerCase().replaceAll("_", "-");
      return [`package ${name}`, `package ${PACKAGE_OF[name] ?? name}`];
    }),
  );
  const rank = (name: string): number => KINDS.findIndex((is) => is(name, imported));
  const names = new Set([...Object.keys(before.facts), ...Object.keys(after.facts)]);
  // A process that was stopped, or is no Python, tells nothing: that is no change.
  const silent = (facts: Readonly<Record<string, string>>, name: string): boolean =>
    name.startsWith("package ") && facts.python === undefined ||
    /^(?:python|torch|gpu|own variable )/.test(name) && facts[name] === undefined;
  const written = new Set([...before.written, ...after.written]);
  return [...names].filter((name) =>
    before.facts[name] !== after.facts[name] && !written.has(name) && !silent(before.facts, name) &&
    !silent(after.facts, name)
  ).map((name) => ({ name, before: before.facts[name], after: after.facts[name] }))
    .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1))
    .map((change) => ({ ...change, text: changeText(change, after.facts) }));
}

function changeText(
  { name, before, after }: Pick<SurroundingsChange, "name" | "before" | "after">,
  now: Surroundings["facts"],
): string {
  if (name.startsWith("own variable ")) {
    const variable = name.slice("own variable ".length);
    const pinned = now[`variable ${variable}`]!;
    return `your ${variable}: ${before} -> ${after}; it has no effect here, as rewind sets ${pinned} for the ` +
      `baseline and for the replay (--without ${pinnedBy(variable, pinned)})`;
  }
  if (name === "processor flags" && before !== undefined && after !== undefined) {
    const [old, now] = [before.split(" "), after.split(" ")];
    const gone = old.filter((flag) => !now.includes(flag)).map((flag) => `-${flag}`);
    const come = now.filter((flag) => !old.includes(flag)).map((flag) => `+${flag}`);
    return `${name}: ${[...gone, ...come].join(" ")}`;
  }
  // A digest says nothing to people.
  if (name.startsWith("file ")) return `${name} has another content`;
  if (name.startsWith("uncommitted ")) {
    return before === undefined
      ? `${name}: it differs from the commit, and did not`
      : after === undefined
      ? `${name}: it is as in the commit now, and was not`
      : `${name} has another content`;
  }
  return `${name}: ${before ?? "not there"} -> ${after ?? "not there"}`;
}

/** Changes that are shown. */
const SHOWN_MAX = 8;

/** The changes in lines. */
export function changeLines(changes: readonly SurroundingsChange[]): string[] {
  const more = changes.length - SHOWN_MAX;
  return [
    ...changes.slice(0, SHOWN_MAX).map(({ text }) => `changed since the baseline: ${text}`),
    ...(more > 0 ? [`and ${more} more changes since the baseline`] : []),
  ];
}
