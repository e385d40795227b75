/**
 * The environment of a replayed command: one thread, fixed hashing, deterministic libraries.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../../errors.ts";

/** Devices that `--device` knows; `auto` leaves the choice to the command. */
export const DEVICES = ["auto", "cpu", "cuda", "mps"] as const;

/** One of {@linkcode DEVICES}. */
export type Device = typeof DEVICES[number];

/** What rewind changes about a command's surroundings by itself, by name. */
export const OWN_CHANGES = ["seeding", "threads", "hashseed", "cuda", "tensorflow"] as const;

/** One of {@linkcode OWN_CHANGES}. */
export type OwnChange = typeof OWN_CHANGES[number];

/** What {@linkcode replayEnvironment} takes. */
export interface ReplayEnvironmentOptions {
  /** Whether libraries are seeded from outside (default false). */
  seeded?: boolean;
  /** Changes that are not made (default none). */
  without?: readonly OwnChange[];
  /** Device that the command may use (default "auto"). */
  device?: Device;
  /** File into which the command writes its metrics. */
  metricsPath: string;
  /** Steps after which the run may stop, if there is such a limit. */
  maxSteps?: number;
}

const THREADS = [
  "OMP_NUM_THREADS",
  "MKL_NUM_THREADS",
  "NUMEXPR_NUM_THREADS",
  "OPENBLAS_NUM_THREADS",
  "VECLIB_MAXIMUM_THREADS",
];

/** Harmless where there is no GPU, so `auto` sets them too. */
const CUDA: Readonly<Record<string, string>> = {
  CUDA_LAUNCH_BLOCKING: "1",
  CUBLAS_WORKSPACE_CONFIG: ":4096:8",
  PYTORCH_CUDA_ALLOC_CONF: "max_split_size_mb:128",
  TORCH_USE_CUDA_DSA: "1",
};

/** With these TensorFlow refuses to draw without a seed, so that they are set only where it gets one. */
const TENSORFLOW: Readonly<Record<string, string>> = {
  TF_DETERMINISTIC_OPS: "1",
  TF_CUDNN_DETERMINISTIC: "1",
};

const HIDE_CUDA: Readonly<Record<string, string>> = {
  CUDA_VISIBLE_DEVICES: "",
  HIP_VISIBLE_DEVICES: "",
  ROCR_VISIBLE_DEVICES: "",
};

/**
 * The variables that a replay sets on top of the user's own: rldk's, and those that make TensorFlow and
 * CUDA repeat themselves.
 *
 * @throws {TypeError} if the device is not known.
 */
export function replayEnvironment(options: ReplayEnvironmentOptions): Record<string, string> {
  const { device = "auto", metricsPath, maxSteps } = options;
  if (!DEVICES.includes(device)) {
    throw new ArgumentTypeError(
      `Cannot run on device "${device}" as it is not known; choose one of ${DEVICES.join(", ")}`,
    );
  }
  return {
    RLDK_METRICS_PATH: metricsPath,
    REWIND_METRICS_PATH: metricsPath,
    REWIND_REPLAY: "1",
    REWIND_DEVICE: device,
    ...(maxSteps === undefined ? {} : { REWIND_MAX_STEPS: String(maxSteps) }),
    PYTHONUNBUFFERED: "1",
    ...ownVariables(options),
    ...(device === "auto" || device === "cuda" ? {} : HIDE_CUDA),
    ...(device === "cpu" ? { JAX_PLATFORMS: "cpu", ACCELERATE_USE_CPU: "true" } : {}),
    ...(device === "mps" ? { PYTORCH_ENABLE_MPS_FALLBACK: "1" } : {}),
  };
}

const PINNED: Readonly<Record<"hashseed" | "threads", Readonly<Record<string, string>>>> = {
  hashseed: { PYTHONHASHSEED: "42" },
  threads: threadEnvironment(1),
};

/** The own change by which a variable has this value in the command's environment; undefined if none pins it. */
export function pinnedBy(name: string, value: string): OwnChange | undefined {
  return (["hashseed", "threads"] as const).find((change) => PINNED[change][name] === value);
}

/** The variables of rewind's own changes, those in `without` left out. */
function ownVariables(
  { device = "auto", seeded = false, without = [] }: ReplayEnvironmentOptions,
): Record<string, string> {
  const usesGpu = device === "auto" || device === "cuda";
  const groups: readonly (readonly [OwnChange, Readonly<Record<string, string>>])[] = [
    ["hashseed", PINNED.hashseed],
    ["threads", PINNED.threads],
    ...(usesGpu ? [["cuda", CUDA] as const] : []),
    ...(usesGpu && seeded && !without.includes("seeding")
      ? [["tensorflow", TENSORFLOW] as const]
      : []),
  ];
  return Object.assign(
    {},
    ...groups.filter(([name]) => !without.includes(name)).map(([, variables]) => variables),
  );
}

/** The variables by which numeric libraries are told their number of threads. */
export function threadEnvironment(threads: number): Record<string, string> {
  return Object.fromEntries(THREADS.map((name) => [name, String(threads)]));
}
