/**
 * A `sitecustomize` for the Python processes of a replay: it seeds `random`, NumPy and PyTorch when the
 * command imports them, so that scripts which forget to seed still replay.
 *
 * @module
 */

import { makeTemporaryFolder } from "./temporary_folder.ts";

/** One library that was seeded in one process of the command. */
export interface InjectionEvent {
  /** Process in which it was. */
  readonly pid: number;
  /** `random`, `numpy.random` or `torch`. */
  readonly module: string;
}

/** A folder to put first on PYTHONPATH, for the length of one run. */
export interface PythonInjection {
  /** Variables to set, PYTHONPATH among them. */
  readonly env: Readonly<Record<string, string>>;
  /** What was seeded so far. */
  seeded(): Promise<InjectionEvent[]>;
  /** Deletes the folder. */
  remove(): Promise<void>;
}

/**
 * The file's text, shown in reports. It imports nothing that the command would not: each library is
 * seeded by a hook that runs right after the command's own import of it. What a script seeds itself,
 * it seeds later, and so wins.
 */
export const SITECUSTOMIZE = `# Written by rewind for one replay; deleted afterwards.
import importlib.machinery
import importlib.util
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_SEED = int(os.environ.get("REWIND_SEED", "0"))
_SEED32 = _SEED % 2**32


def _note(name):
    path = os.environ.get("REWIND_INJECTION_LOG")
    if path:
        try:
            with open(path, "a") as log:
                log.write("%d %s\\n" % (os.getpid(), name))
        except OSError:
            pass


def _seed_random(module):
    plain = module.Random.seed
    made = [1]

    def seed(self, a=None, version=2):
        # Random() and seed() without a seed take one from the system; here the n-th takes seed + n.
        if a is None and not isinstance(self, module.SystemRandom):
            a = _SEED + made[0]
            made[0] += 1
        return plain(self, a, version)

    module.Random.seed = seed
    module._inst.seed(_SEED)
    module.seed = module._inst.seed


def _seed_numpy(module):
    plain = module.default_rng
    made = [0]

    def default_rng(seed=None):
        if seed is None:
            seed = module.SeedSequence(_SEED % 2**64, spawn_key=(made[0],))
            made[0] += 1
        return plain(seed)

    default_rng.__doc__ = plain.__doc__
    module.default_rng = default_rng
    module.seed(_SEED32)


def _seed_torch(module):
    module.manual_seed(_SEED % 2**63)
    try:
        module.use_deterministic_algorithms(True, warn_only=True)
    except (AttributeError, TypeError):
        pass
    cudnn = getattr(getattr(module, "backends", None), "cudnn", None)
    if cudnn is not None:
        cudnn.deterministic = True
        cudnn.benchmark = False


_HOOKS = {"random": _seed_random, "numpy.random": _seed_numpy, "torch": _seed_torch}


def _apply(name, module):
    hook = _HOOKS.pop(name, None)
    if hook is None:
        return
    try:
        hook(module)
        _note(name)
    except Exception as error:
        sys.stderr.write("rewind: cannot seed %s: %s\\n" % (name, error))


class _Loader:
    def __init__(self, name, inner):
        self._name = name
        self._inner = inner

    def create_module(self, spec):
        return self._inner.create_module(spec)

    def exec_module(self, module):
        self._inner.exec_module(module)
        module.__loader__ = module.__spec__.loader = self._inner
        _apply(self._name, module)

    def __getattr__(self, name):
        return getattr(self._inner, name)


class _Finder:
    def find_spec(self, name, path=None, target=None):
        if name not in _HOOKS:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(name, spec.loader)
                return spec
        return None


sys.meta_path.insert(0, _Finder())
for _name in list(_HOOKS):
    if _name in sys.modules:
        _apply(_name, sys.modules[_name])

# The environment's own sitecustomize, which this one hides, runs as it would have run.
_others = [p for p in sys.path if os.path.abspath(p or os.curdir) != _HERE]
_spec = importlib.machinery.PathFinder.find_spec("sitecustomize", _others)
if _spec is not None and _spec.loader is not None:
    _module = importlib.util.module_from_spec(_spec)
    sys.modules["sitecustomize"] = _module
    _spec.loader.exec_module(_module)
`;

/** Writes the file into a fresh temporary folder. `pythonPath` is the user's own PYTHONPATH. */
export async function createPythonInjection(
  seed: bigint,
  pythonPath: string | undefined,
): Promise<PythonInjection> {
  const [fs, path] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const folder = await makeTemporaryFolder("inject");
  const log = path.join(folder, "seeded.log");
  await fs.writeFile(path.join(folder, "sitecustomize.py"), SITECUSTOMIZE);
  return {
    env: {
      PYTHONPATH: [folder, ...(pythonPath ? [pythonPath] : [])].join(path.delimiter),
      REWIND_SEED: seed.toString(),
      REWIND_INJECTION_LOG: log,
    },
    async seeded() {
      const text = await fs.readFile(log, "utf8").catch(() => "");
      return text.split("\n").filter((line) => line !== "").map((line) => {
        const [pid, module] = line.split(" ");
        return { pid: Number(pid), module: module! };
      });
    },
    async remove() {
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}
