/**
 * The Python text that watches loaders, optimizers and the loss of PyTorch.
 * This module is browser compatible.
 *
 * @module
 */

/** It looks at what the optimizer's own hooks show it; gradients and weights are read, never touched. */
export const PYTHON_TRAINING = String
  .raw`# Written by rewind for one run; deleted afterwards. What PyTorch does in a step: see docs/fingerprints.md.
import os
import sys
import weakref

import _rewind_generators as generators
import _rewind_hash as h
import _rewind_modules as modules
import _rewind_stream as stream
from _rewind_stream import active, emit, enter, guarded, state


# Loaders: the indices that the sampler gives, and the batch that comes of them.

_loaders = weakref.WeakKeyDictionary()


def _attach_loader(loader):
    base = loader._BaseDataLoaderIter
    init, following, next_index = base.__init__, base.__next__, base._next_index

    @guarded
    def begin(self, of):
        enter("batch")
        if active():
            generators.poll()
        number = _loaders.setdefault(of, len(_loaders) + 1)
        self._rewind = ("DataLoader %d" % number, [])

    @guarded
    def ask(self, index):
        found = getattr(self, "_rewind", None)
        if found is None or self._dataset_kind == loader._DatasetKind.Iterable:
            return
        simple = isinstance(index, list) and all(type(i) is int for i in index)
        found[1].append(h.digest(repr(index).encode()) if simple else h.hash_value(index))

    @guarded
    def give(self, data):
        name, indices = getattr(self, "_rewind", ("DataLoader", []))
        index = indices.pop(0) if indices else None
        enter("batch")
        if not active():
            return
        generators.poll()
        for optimizer in list(state.known):
            _initial(optimizer)
        if index is not None:
            emit("order", name, index)
        emit("batch", name, h.hash_value(data), of=stream.type_of(data))

    def __init__(self, of, *args, **kwargs):
        begin(self, of)
        init(self, of, *args, **kwargs)

    def __next__(self):
        data = following(self)
        give(self, data)
        return data

    def _next_index(self):
        index = next_index(self)
        ask(self, index)
        return index

    base.__init__, base.__next__, base._next_index = __init__, __next__, _next_index


# Optimizers.

class _Watched:
    """What is known of one optimizer: the names of its parameters, and the last hash of each."""

    def __init__(self, optimizer):
        self.number = len(_watched)
        names, buffers = modules.names_for(optimizer)
        self.names = names
        self.buffers = buffers
        self.weights = {}
        self.settled = {}


_watched = weakref.WeakKeyDictionary()


def _watch(optimizer):
    found = _watched.get(optimizer)
    if found is None:
        found = _watched[optimizer] = _Watched(optimizer)
    return found


def _parameters(optimizer):
    for g, group in enumerate(optimizer.param_groups):
        for k, parameter in enumerate(group["params"]):
            yield "group %d, parameter %d" % (g, k), parameter


def _initial(optimizer):
    """The weights that training starts from, once."""
    if optimizer in _watched:
        return
    watched = _watch(optimizer)
    for fallback, parameter in _parameters(optimizer):
        name = watched.names.get(id(parameter), fallback)
        digest = watched.weights[id(parameter)] = h.hash_tensor(parameter)
        emit("initial", name, digest, of=stream.type_of(parameter))
        if optimizer.state.get(parameter):
            emit("initial state", name, _state_hash(optimizer, parameter))


def _state_hash(optimizer, parameter):
    found = optimizer.state.get(parameter) or {}
    return h.hash_value({key: found[key] for key in sorted(found, key=str)})


def _settings(optimizer):
    found = []
    for group in optimizer.param_groups:
        plain = {}
        for key, value in group.items():
            if key != "params":
                plain[key] = float(value) if hasattr(value, "item") and value.numel() == 1 else value
        found.append({key: plain[key] for key in sorted(plain, key=str)})
    return found


def _rates(settings):
    return [{key: value for key, value in group.items()
             if isinstance(value, (int, float)) and not isinstance(value, bool)} for group in settings]


@guarded
def before(optimizer):
    if state.pid != os.getpid():
        state.__init__()
    state.known.setdefault(optimizer)
    enter("step", optimizer)
    if not active():
        return
    generators.poll()
    _initial(optimizer)
    watched = _watch(optimizer)
    settings = _settings(optimizer)
    emit("settings", "optimizer %d" % watched.number, h.hash_value(settings), value=_rates(settings))
    entries = list(_parameters(optimizer))
    for fallback, parameter in entries:
        digest = h.hash_tensor(parameter)
        if watched.weights.get(id(parameter)) != digest:
            emit("before", watched.names.get(id(parameter), fallback), digest,
                 of=stream.type_of(parameter))
            watched.weights[id(parameter)] = digest
    _buffers(watched)
    # The backward pass goes from the last parameter to the first, and so does what it breaks.
    for fallback, parameter in reversed(entries):
        if parameter.grad is not None:
            emit("gradient", watched.names.get(id(parameter), fallback),
                 h.hash_tensor(parameter.grad), of=stream.type_of(parameter.grad))


def _buffers(watched):
    """Buffers that change, such as running means; one that stood still for three steps is a constant."""
    for key, (reference, part, name) in watched.buffers.items():
        module = reference()
        buffer = module._buffers.get(part) if module is not None else None
        if buffer is None:
            continue
        last, still, version = watched.settled.get(key, (None, 0, None))
        if still >= 3 and buffer._version == version:
            continue
        digest = h.hash_tensor(buffer)
        if digest != last:
            emit("buffer", name, digest, of=stream.type_of(buffer))
        watched.settled[key] = (digest, still + 1 if digest == last else 0, buffer._version)


@guarded
def after(optimizer):
    if active():
        watched = _watch(optimizer)
        entries = list(_parameters(optimizer))
        for fallback, parameter in entries:
            if optimizer.state.get(parameter):
                emit("state", watched.names.get(id(parameter), fallback),
                     _state_hash(optimizer, parameter))
        for fallback, parameter in entries:
            digest = watched.weights[id(parameter)] = h.hash_tensor(parameter)
            emit("weight", watched.names.get(id(parameter), fallback), digest)
    if state.pid == os.getpid():
        state.stepped.add(id(optimizer))


def _attach_optimizer(torch):
    module = sys.modules["torch.optim.optimizer"]

    def pre(optimizer, args, kwargs):
        closure = kwargs.get("closure") or (args[1] if len(args) > 1 and args[0] is optimizer else
                                            args[0] if args and args[0] is not optimizer else None)
        if not callable(closure):
            before(optimizer)
            return None

        def closed(*given, **named):
            # With a closure the gradients come into being within the step.
            result = closure(*given, **named)
            before(optimizer)
            return result

        if "closure" in kwargs and kwargs["closure"] is closure:
            return args, {**kwargs, "closure": closed}
        return tuple(closed if item is closure else item for item in args), kwargs

    module.register_optimizer_step_pre_hook(pre)
    module.register_optimizer_step_post_hook(lambda optimizer, args, kwargs: after(optimizer))
    plain = module.Optimizer.__init__

    def __init__(self, *args, **kwargs):
        plain(self, *args, **kwargs)
        state.known.setdefault(self)

    module.Optimizer.__init__ = __init__


# The loss, and what leads back from it.

def _attach_autograd(torch):
    autograd = torch.autograd

    def wrap(plain, is_loss):
        def function(tensors, *args, **kwargs):
            _leads(tensors, is_loss)
            return plain(tensors, *args, **kwargs)

        function.__doc__, function.__name__ = plain.__doc__, plain.__name__
        return function

    @guarded
    def _leads(tensors, is_loss):
        if state.pid != os.getpid():
            return
        enter("backward")
        if not active():
            return
        generators.poll()
        found = list(h.tensors_in(tensors if isinstance(tensors, (list, tuple)) else [tensors]))
        for tensor in found if is_loss else ():
            simple = tensor.numel() == 1 and tensor.device.type == "cpu"
            emit("loss", "loss", h.hash_tensor(tensor), of=stream.type_of(tensor),
                 value=repr(float(tensor.detach())) if simple else None)
        if stream.LEVEL == "full":
            modules.follow(found)

    autograd.backward = wrap(autograd.backward, True)
    if stream.LEVEL == "full":
        autograd.grad = wrap(autograd.grad, False)


def attach(name, module):
    """Called once for each library, right after the command's own import of it."""
    if name == "random":
        generators.attach_random(module)
    elif name == "numpy.random":
        generators.attach_numpy(module)
    elif name == "torch":
        _attach_torch(module)


@guarded
def _attach_torch(torch):
    import torch.utils.data.dataloader as loader

    if not hasattr(sys.modules["torch.optim.optimizer"], "register_optimizer_step_pre_hook"):
        raise RuntimeError("PyTorch 2.0 or later is needed")
    generators.attach_torch(torch)
    _attach_loader(loader)
    _attach_optimizer(torch)
    _attach_autograd(torch)
    if stream.LEVEL == "full":
        modules.attach(torch)
`;
