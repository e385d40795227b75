/**
 * The text of the `sitecustomize` that Python processes of a replay load.
 * This module is browser compatible.
 *
 * @module
 */

import { PYTHON_SYSTEM_SOURCES } from "./python/system_sources.ts";

/**
 * It imports nothing that the command would not: each library is seeded by a hook that runs right after the
 * command's own import of it. What a script seeds itself, it seeds later, and so wins. Whether anything
 * was drawn from a seed of ours is noted at that moment, or at the end of the process.
 */
export const SITECUSTOMIZE = `# Written by rewind for one run; deleted afterwards.
import atexit
import importlib.machinery
import importlib.util
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_SEED = int(os.environ.get("REWIND_SEED", "0"))
_SEED32 = _SEED % 2**32
_USUAL = "random,numpy.random,torch,tensorflow,cupy.random,gymnasium.utils.seeding,gym.utils.seeding"
_CHOSEN = os.environ.get("REWIND_SEED_ONLY", _USUAL).split(",")
_OPEN = {}
_MADE = {}
_STARTS = {}
# Modules that draw an identifier or a pause while they are imported: nothing that a script computes depends on it.
_QUIET = {"rich.style": "random", "jax._src.clusters.k8s_cluster": "numpy.random"}
_PRINTS = None
if os.environ.get("REWIND_FINGERPRINT"):
    import _rewind_fingerprints as _PRINTS


def _note(name, what):
    path = os.environ.get("REWIND_INJECTION_LOG")
    if path:
        try:
            with open(path, "a") as log:
                log.write("%d %s %s\\n" % (os.getpid(), name, what))
        except OSError:
            pass


def _watch(name, state):
    """Notes what became of a seed: overruled before anything was drawn, used, or never used."""
    pid, start = os.getpid(), [state()]

    def close(overruled):
        if _OPEN.pop(name, None) is not None and os.getpid() == pid:
            _note(name, "used" if state() != start[0] else "overruled" if overruled else "unused")

    def restored():
        # A script that seeds for a while and puts back what was before (torch.random.fork_rng).
        if name not in _OPEN and os.getpid() == pid and state() == start[0]:
            _OPEN[name] = close

    _OPEN[name] = close
    _STARTS[name] = (state, start)
    return restored


def _overrule(name):
    close = _OPEN.get(name)
    if close is not None:
        close(True)


def _and_then(plain, after):
    def function(*args, **kwargs):
        result = plain(*args, **kwargs)
        after()
        return result

    function.__doc__ = plain.__doc__
    return function


def _used(name):
    if _OPEN.pop(name, None) is not None:
        _note(name, "used")


def _made(name, state):
    """Remembers a generator that got a seed of ours: many libraries make one and never draw from it."""
    made = _MADE.setdefault(name, [])
    if len(made) < 100:
        made.append((os.getpid(), state, state()))
    else:
        _used(name)


@atexit.register
def _close_all():
    for name, made in _MADE.items():
        try:
            if any(pid == os.getpid() and state() != start for pid, state, start in made):
                _OPEN.pop(name, None)
                _note(name, "used")
        except Exception:
            pass
    for close in list(_OPEN.values()):
        try:
            close(False)
        except Exception:
            pass


def _seed_random(module):
    plain = module.Random.seed
    made = [1]

    def seed(self, a=None, version=2):
        # Random() and seed() without a seed take one from the system; here the n-th takes seed + n.
        if a is not None or isinstance(self, module.SystemRandom):
            if self is module._inst:
                _overrule("random")
            return plain(self, a, version)
        result = plain(self, _SEED + made[0], version)
        made[0] += 1
        names, caller = [], sys._getframe(1)
        while caller is not None and len(names) < 3:
            names.append(str(caller.f_globals.get("__name__")))
            caller = caller.f_back
        # Names of temporary files and of symbols are drawn in many programs, and matter in none.
        if not any(name.split(".")[0] in ("tempfile", "sympy") for name in names):
            _made("random", self.getstate)
        return result

    plain(module._inst, _SEED)
    module.Random.seed = seed
    module.seed = module._inst.seed
    module.setstate = _and_then(module.setstate, _watch("random", module.getstate))


def _seed_numpy(module):
    plain, plain_seed = module.default_rng, module.seed
    made = [0]

    def default_rng(seed=None):
        if seed is not None:
            return plain(seed)
        generator = plain(module.SeedSequence(_SEED % 2**64, spawn_key=(made[0],)))
        made[0] += 1
        _made("numpy.random", lambda: generator.bit_generator.state)
        return generator

    def seed(seed=None):
        if seed is not None:
            _overrule("numpy.random")
            return plain_seed(seed)
        result = plain_seed((_SEED + made[0] + 1) % 2**32)
        made[0] += 1
        _made("numpy.random", state)
        return result

    def state():
        kind, keys, position = module.get_state()[:3]
        return keys.tobytes(), position

    default_rng.__doc__, seed.__doc__ = plain.__doc__, plain_seed.__doc__
    module.default_rng, module.seed = default_rng, seed
    plain_seed(_SEED32)
    module.set_state = _and_then(module.set_state, _watch("numpy.random", state))


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
    # What is drawn on a GPU is not asked for: whoever starts one is taken to draw from it.
    restored = _watch(
        "torch", lambda: (module.get_rng_state().tolist(), module.cuda.is_initialized())
    )
    module.set_rng_state = module.random.set_rng_state = _and_then(
        module.random.set_rng_state, restored
    )
    plain = module.manual_seed

    def manual_seed(seed):
        _overrule("torch")
        return plain(seed)

    manual_seed.__doc__ = plain.__doc__
    module.manual_seed = module.random.manual_seed = manual_seed
    # seed() takes a new seed from the system's entropy each time; here the n-th call takes seed + n.
    made = [0]

    def fresh():
        made[0] += 1
        return (_SEED + made[0]) % 2**63

    def seed():
        value = fresh()
        plain(value)
        _made("torch", lambda: module.get_rng_state().tolist())
        return value

    seed.__doc__ = module.seed.__doc__
    module.seed = module.random.seed = seed
    plain_generator = module.Generator

    class Seeded(type(plain_generator)):
        def __instancecheck__(cls, instance):
            return isinstance(instance, plain_generator)

    class Generator(plain_generator, metaclass=Seeded):
        def seed(self):
            value = fresh()
            self.manual_seed(value)
            _made("torch", lambda: self.get_state().tolist())
            return value

    Generator.__module__, Generator.__qualname__ = "torch", "Generator"
    Generator.__doc__ = plain_generator.__doc__
    module.Generator = Generator


def _seed_loader(module):
    plain = module.DataLoader.__init__

    def __init__(self, *args, **kwargs):
        if len(args) < 14 and kwargs.get("generator") is None:
            generator = module.torch.Generator()
            generator.manual_seed(_SEED % 2**63)
            kwargs["generator"] = generator
            _used("torch.utils.data.dataloader")
        plain(self, *args, **kwargs)

    module.DataLoader.__init__ = __init__
    _watch("torch.utils.data.dataloader", int)


def _seed_tensorflow(module):
    plain = module.random.set_seed
    plain(_SEED % 2**31)
    try:
        from tensorflow.python.eager import context

        # Where operations without a seed of their own take theirs from.
        _watch("tensorflow", lambda: context.context()._rng.getstate())
    except Exception:
        return

    def set_seed(seed):
        _overrule("tensorflow")
        return plain(seed)

    set_seed.__doc__ = plain.__doc__
    module.random.set_seed = set_seed


def _seed_jax(module):
    def fixed(plain):
        def key(seed, *args, **kwargs):
            _used("jax.random")
            return plain(_SEED32, *args, **kwargs)

        return key

    for name in ("PRNGKey", "key"):
        if hasattr(module, name):
            setattr(module, name, fixed(getattr(module, name)))
    _watch("jax.random", int)


def _seed_cupy(module):
    module.seed(_SEED32)
    _note("cupy.random", "seeded")


def _seed_gym(module):
    plain = module.np_random
    made = [0]
    name = module.__name__

    def np_random(seed=None):
        if seed is None:
            seed = (_SEED + made[0]) % 2**32
            made[0] += 1
            _used(name)
        return plain(seed)

    np_random.__doc__ = plain.__doc__
    module.np_random = np_random
    _watch(name, int)


${PYTHON_SYSTEM_SOURCES}


_HOOKS = {
    "random": _seed_random,
    "numpy.random": _seed_numpy,
    "torch": _seed_torch,
    "torch.utils.data.dataloader": _seed_loader,
    "tensorflow": _seed_tensorflow,
    "jax.random": _seed_jax,
    "cupy.random": _seed_cupy,
    "gymnasium.utils.seeding": _seed_gym,
    "gym.utils.seeding": _seed_gym,
}


def _apply(name, module):
    hook = _HOOKS.pop(name, None)
    if hook is None:
        return
    if name not in _CHOSEN:
        _note(name, "seen")
    else:
        try:
            hook(module)
            _note(name, "seeded")
        except Exception as error:
            sys.stderr.write("rewind: cannot seed %s: %s\\n" % (name, error))
    if _PRINTS is not None:
        _PRINTS.attach(name, module)


class _Loader:
    def __init__(self, name, inner):
        self._name = name
        self._inner = inner

    def create_module(self, spec):
        return self._inner.create_module(spec)

    def exec_module(self, module):
        name = _QUIET.get(self._name)
        known = _STARTS.get(name)
        before = known and known[0]()
        self._inner.exec_module(module)
        # It may be the first to import the library that it draws from.
        watched = _STARTS.get(name)
        if watched is not None and (known is None or before == known[1][0]):
            watched[1][0] = watched[0]()
        module.__loader__ = module.__spec__.loader = self._inner
        _apply(self._name, module)

    def __getattr__(self, name):
        return getattr(self._inner, name)


class _Finder:
    def find_spec(self, name, path=None, target=None):
        if name not in _HOOKS and name not in _QUIET:
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


for _name, _fix in (("clock", _fix_clock), ("entropy", _fix_entropy)):
    if _name in _CHOSEN:
        _fix()
        _note(_name, "seeded")
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
