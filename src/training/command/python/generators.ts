/**
 * The Python text that watches generators of random numbers.
 * This module is browser compatible.
 *
 * @module
 */

/** It looks at states and draws nothing. */
export const PYTHON_GENERATORS = String
  .raw`# Written by rewind for one run; deleted afterwards. Generators of random numbers: see docs/fingerprints.md.
import os
import struct
import sys
import weakref

import _rewind_hash as h
import _rewind_stream as stream

# Generators. One is recorded once it was drawn from: most libraries have one that nobody uses.

_generators = []
_ordinals = {}


class _Generator:
    def __init__(self, name, state, is_fresh, owner=None):
        self.name = name
        self.state = state
        self.is_fresh = is_fresh
        self.owner = owner
        # What nobody drew from since it was made or seeded is not recorded.
        self.last = state()
        self.is_drawn = False


def _add(name, state, is_fresh, owner=None):
    with stream.lock:
        _generators.append(_Generator(name, state, is_fresh, owner))


def _maker(what, depth=2):
    """Name of a generator by the place that made it; None for those of libraries that mean nothing."""
    frame = sys._getframe(depth)
    module = str(frame.f_globals.get("__name__"))
    if module.split(".")[0] in ("torch", "tempfile", "sympy", "networkx", "sitecustomize"):
        return None
    code = frame.f_code
    place = os.path.basename(code.co_filename)
    if code.co_name != "<module>":
        place = "%s in %s" % (code.co_name, place)
    name = "%s (%s)" % (what, place)
    _ordinals[name] = _ordinals.get(name, 0) + 1
    return name if _ordinals[name] == 1 else "%s #%d" % (name, _ordinals[name])


def poll():
    """Records each generator that was drawn from, or set, since the last look at it."""
    gone = False
    for generator in _generators:
        if generator.owner is not None and generator.owner() is None:
            gone = True
            continue
        state = generator.state()
        if state == generator.last:
            continue
        generator.last = state
        if not generator.is_drawn:
            if generator.is_fresh(state):
                continue
            generator.is_drawn = True
        data = state if isinstance(state, bytes) else repr(state).encode()
        stream.emit("generator", generator.name, h.digest(data))
    if gone:
        _generators[:] = [g for g in _generators if g.owner is None or g.owner() is not None]


def attach_random(module):
    def is_fresh(state):
        return state[1][-1] == 624 and state[2] is None

    _add("random", module.getstate, is_fresh)
    plain = module.Random.__init__

    def __init__(self, *args, **kwargs):
        plain(self, *args, **kwargs)
        if isinstance(self, module.SystemRandom):
            return
        name = _maker("random.Random")
        if name is not None:
            owner = weakref.ref(self)
            _add(name, lambda: owner().getstate(), is_fresh, owner)

    module.Random.__init__ = __init__


def attach_numpy(module):
    def state():
        kind, keys, position, has_gauss, gauss = module.get_state()[:5]
        return keys.tobytes() + struct.pack("<iid", position, has_gauss, gauss)

    def is_fresh(state):
        return struct.unpack_from("<ii", state, len(state) - 16) == (624, 0)

    _add("numpy.random", state, is_fresh)
    plain = module.default_rng

    def default_rng(*args, **kwargs):
        generator = plain(*args, **kwargs)
        name = _maker("numpy.random.default_rng")
        if name is not None and len(_generators) < 1000:
            _add(name, lambda: repr(generator.bit_generator.state), lambda state: False)
        return generator

    default_rng.__doc__ = plain.__doc__
    module.default_rng = default_rng


def _fresh_torch(state):
    # The state of a Mersenne twister that gave nothing yet (at::CPUGeneratorImplStateLegacy).
    return len(state) == 5056 and struct.unpack_from("<iiQ", state, 8)[::2] == (1, 0)


def _bytes(tensor):
    return bytes(tensor.numpy()) if "numpy" in sys.modules else bytes(tensor.tolist())


def attach_torch(torch):
    default = torch.default_generator
    _add("torch", lambda: _bytes(default.get_state()), _fresh_torch)

    def on_gpu():
        if not torch.cuda.is_initialized():
            return b""
        return b"".join(_bytes(torch.cuda.get_rng_state(i)) for i in range(torch.cuda.device_count()))

    if hasattr(torch, "cuda"):
        _add("torch.cuda", on_gpu, lambda state: state == b"")
    plain = torch.Generator

    class Kind(type(plain)):
        """The class of generators is asked for by many: this one makes, and is, the plain one."""

        def __call__(cls, *args, **kwargs):
            generator = plain(*args, **kwargs)
            name = _maker("torch.Generator")
            if name is not None and generator.device.type == "cpu":
                owner = weakref.ref(generator)
                _add(name, lambda: _bytes(owner().get_state()), _fresh_torch, owner)
            return generator

        def __instancecheck__(cls, instance):
            return isinstance(instance, plain)

        def __subclasscheck__(cls, subclass):
            return subclass is cls or issubclass(subclass, plain)

    try:
        torch.Generator = Kind("Generator", (), {"__module__": "torch", "__doc__": plain.__doc__})
    except TypeError:
        pass
`;
