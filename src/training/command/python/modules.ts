/**
 * The Python text that names modules, and records what each of them does.
 * This module is browser compatible.
 *
 * @module
 */

/** The full level alone wraps calls of modules and hooks nodes of the graph; no value passes through it. */
export const PYTHON_MODULES = String
  .raw`# Written by rewind for one run; deleted afterwards. Modules by name, and what each does: see docs/fingerprints.md.
import gc
import os
import sys
import weakref

import _rewind_generators as generators
import _rewind_hash as h
import _rewind_stream as stream
from _rewind_stream import active, emit, enter, guarded, state

_names = weakref.WeakKeyDictionary()
_labels = weakref.WeakKeyDictionary()
_stack = []


def _part(module, what):
    return [(name, item) for name, item in module.__dict__.get(what, {}).items() if item is not None]


def _walk(root):
    """Each module under a root once, with its path."""
    seen, todo = set(), [("", root)]
    while todo:
        path, module = todo.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        yield path, module
        start = path + "." if path else ""
        todo.extend((start + name, child) for name, child in reversed(_part(module, "_modules")))


def _label_of(root):
    """What a model is called, whichever optimizer asks: the other model of its class is 'Sequential #2' to all."""
    label = _labels.get(root)
    if label is None:
        kind = type(root).__name__
        count = 1 + sum(type(other).__name__ == kind for other in _labels)
        label = _labels[root] = kind if count == 1 else "%s #%d" % (kind, count)
    return label


def names_for(optimizer):
    """Names of an optimizer's parameters, and the buffers of the modules that they belong to."""
    kind = sys.modules["torch"].nn.Module
    found = [o for o in gc.get_objects() if issubclass(type(o), kind)]
    inner = {id(child) for module in found for _, child in _part(module, "_modules")}
    trees = [list(_walk(module)) for module in found if id(module) not in inner]
    wanted = {id(p) for group in optimizer.param_groups for p in group["params"]}

    def share(tree):
        return sum(id(p) in wanted for _, module in tree for _, p in _part(module, "_parameters"))

    # A wrapper that is no module may hold the same parameters: the largest tree names them.
    trees.sort(key=lambda tree: -share(tree))
    trained = [tree for tree in trees if any(_part(module, "_parameters") for _, module in tree)]
    weights, buffers = {}, {}
    for tree in trees:
        label = _label_of(tree[0][1])
        prefix = "" if len(trained) == 1 and tree is trained[0] else label + "."
        belongs = share(tree) > 0
        for path, module in tree:
            name = prefix + path if path else label
            _names.setdefault(module, name)
            start = name + "." if path else prefix
            for part, parameter in _part(module, "_parameters"):
                weights.setdefault(id(parameter), start + part)
            for part, _ in _part(module, "_buffers") if belongs else ():
                buffers[(id(module), part)] = (weakref.ref(module), part, start + part)
    return weights, buffers


def _name_of(module):
    name = _names.get(module)
    if name is None:
        # The first call of a model that no optimizer knows yet, or a module made on the way.
        top = "%s." % _stack[-1] if _stack else ""
        for path, part in _walk(module):
            label = top + type(module).__name__ if not path else (top + path if top else path)
            _names.setdefault(part, label)
        name = _names[module]
    return name


def _trained():
    """Which parameters some optimizer has; what it has is looked up once in a step."""
    key = (state.step, len(state.known))
    if state.trained[0] != key:
        state.trained = (key, {id(p) for optimizer in state.known
                               for group in optimizer.param_groups for p in group["params"]})
    return state.trained[1]


def _held(module):
    """Weights that no optimizer trains (a frozen part, an average, a target) go into what a module computes."""
    own = _part(module, "_parameters") if state.known else ()
    held = [(part, item) for part, item in own if id(item) not in _trained()]
    if not held:
        return
    if len(held) == len(own):
        held += _part(module, "_buffers")
    is_lazy = sys.modules["torch"].nn.parameter.is_lazy
    held = [(part, item) for part, item in held if not is_lazy(item)]
    # Where a module is called again in a step, what has not been written to since is not hashed again.
    versions = [None if item.is_inference() else item._version for _, item in held]
    if state.held.get(module) == versions:
        return
    state.held[module] = versions
    for part, item in held:
        emit("held weight", "%s.%s" % (_name_of(module), part), h.hash_tensor(item), of=stream.type_of(item))


class _Call:
    def __init__(self, module, args, kwargs):
        self.name = _name_of(module)
        self.inputs = [h.hash_value(args), h.hash_value(kwargs)]
        self.nodes = {id(t.grad_fn): t.grad_fn for t in h.tensors_in([args, kwargs])
                      if t.grad_fn is not None}


@guarded
def _begin(module, args, kwargs):
    if state.pid != os.getpid():
        return None
    enter("forward")
    if not active():
        return None
    generators.poll()
    _held(module)
    call = _Call(module, args, kwargs)
    _stack.append(call.name)
    return call


@guarded
def _end(call, result):
    generators.poll()
    emit("forward", call.name, h.hash_value(result), of=stream.type_of(result), inputs=call.inputs)
    _tag(call, result)


def _tag(call, result):
    """Writes into each node of the graph in which module's forward pass it came into being."""
    seen, todo = {}, [t.grad_fn for t in h.tensors_in([result]) if t.grad_fn is not None]
    while todo:
        node = todo.pop()
        if id(node) in call.nodes or id(node) in seen or "AccumulateGrad" in node.name():
            continue
        seen[id(node)] = node
        node.metadata.setdefault("rewind", call.name)
        todo.extend(following for following, _ in node.next_functions if following is not None)


def follow(tensors):
    """Records what each node of the graph behind these tensors takes and gives on the way back."""
    seen, todo = {}, [t.grad_fn for t in tensors if t.grad_fn is not None]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen[id(node)] = node
        todo.extend(following for following, _ in node.next_functions if following is not None)
    for node in seen.values():
        if "AccumulateGrad" not in node.name() and "rewind hook" not in node.metadata:
            node.metadata["rewind hook"] = True
            node.register_hook(_hook(node.metadata.get("rewind", "outside of modules"), node.name()))


def _hook(name, operation):
    @guarded
    def hook(given, taken):
        if active():
            emit("backward", "%s: %s" % (name, operation), h.hash_value(given),
                 of=stream.type_of(given), inputs=[h.hash_value(taken)])

    return hook


def attach(torch):
    module = torch.nn.Module
    plain = module.__call__
    compiling = getattr(getattr(torch, "compiler", None), "is_compiling", lambda: False)

    def __call__(self, *args, **kwargs):
        if compiling() or torch.jit.is_tracing():
            return plain(self, *args, **kwargs)
        call = _begin(self, args, kwargs)
        if call is None:
            return plain(self, *args, **kwargs)
        try:
            result = plain(self, *args, **kwargs)
        finally:
            _stack.pop()
        _end(call, result)
        return result

    module.__call__ = __call__
`;
