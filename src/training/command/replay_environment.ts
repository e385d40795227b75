/**
 * The environment of a replayed command: one thread, fixed hashing, deterministic libraries.
 * This module is browser compatible.
 *
 * @module
 */

/** Devices that `--device` knows; `auto` leaves the choice to the command. */
export const DEVICES = ["auto", "cpu", "cuda", "mps"] as const;

/** One of {@linkcode DEVICES}. */
export type Device = typeof DEVICES[number];

/** What {@linkcode replayEnvironment} takes. */
export interface ReplayEnvironmentOptions {
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
    throw new TypeError(
      `Cannot run on device "${device}" as it is not known; choose one of ${DEVICES.join(", ")}`,
    );
  }
  return {
    RLDK_METRICS_PATH: metricsPath,
    REWIND_METRICS_PATH: metricsPath,
    REWIND_REPLAY: "1",
    REWIND_DEVICE: device,
    ...(maxSteps === undefined ? {} : { REWIND_MAX_STEPS: String(maxSteps) }),
    PYTHONHASHSEED: "42",
    PYTHONUNBUFFERED: "1",
    ...threadEnvironment(1),
    ...(device === "auto" || device === "cuda" ? CUDA : HIDE_CUDA),
    ...(device === "cpu" ? { JAX_PLATFORMS: "cpu", ACCELERATE_USE_CPU: "true" } : {}),
    ...(device === "mps" ? { PYTORCH_ENABLE_MPS_FALLBACK: "1" } : {}),
  };
}

/** The variables by which numeric libraries are told their number of threads. */
export function threadEnvironment(threads: number): Record<string, string> {
  return Object.fromEntries(THREADS.map((name) => [name, String(threads)]));
}
