/**
 * The Python text that hashes tensors and other values.
 * This module is browser compatible.
 *
 * @module
 */

/** Arithmetic of docs/fingerprints.md, section "Hashes": a record of 16 MB must cost about what copying it costs. */
export const PYTHON_HASH = String
  .raw`# Written by rewind for one run; deleted afterwards. Fingerprints of values: see docs/fingerprints.md.
import ctypes
import hashlib
import struct
import sys

_LANES = 4096
_SMALL = 3072
_DEPTH = 12
_HEADS_MAX = 4096
_weights = None
_heads = {}


def digest(data):
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def algorithm():
    """Two streams are comparable only if they were made by the same algorithm."""
    return "blake2b-64" if sys.modules.get("numpy") is None else "lanes-64"


def hash_memory(address, size, head):
    """Hash of 'size' bytes in memory, and of what describes them."""
    numpy = sys.modules.get("numpy")
    if size <= _SMALL or numpy is None:
        state = hashlib.blake2b(head, digest_size=8)
        if size:
            state.update((ctypes.c_char * size).from_address(address))
        return state.hexdigest()
    global _weights
    if _weights is None:
        raw = hashlib.shake_128(b"rewind fingerprint v1").digest(8 * _LANES)
        _weights = numpy.frombuffer(raw, "<u8") | numpy.uint64(1)
    data = (ctypes.c_char * size).from_address(address)
    # Products wrap around at 2^64, so the highest bits count for little: a second sum, four bytes on,
    # has them in the middle of its words.
    first = weighted(numpy.frombuffer(data, _weights.dtype, size // 8))
    second = weighted(numpy.frombuffer(data, _weights.dtype, (size - 4) // 8, 4))
    return digest(head + first + second + data[size - size % 8 :])


def weighted(words):
    """Sums of words times weights, a row of words at a time."""
    rows = len(words) // _LANES
    if not rows:
        return words.dot(_weights[: len(words)]).tobytes()
    whole = words[: rows * _LANES].reshape(rows, _LANES).dot(_weights)
    rest = words[rows * _LANES :]
    return whole.tobytes() + rest.dot(_weights[: len(rest)]).tobytes()


def describe(tensor):
    """Element type and shape, as they stand in a record."""
    return str(tensor.dtype).split(".")[-1], list(tensor.shape)


def head_of(tensor):
    """What describes a tensor, as bytes, and how many bytes it holds; most tensors of a step come again and again."""
    key = (tensor.dtype, tensor.shape)
    known = _heads.get(key)
    if known is None:
        dtype, shape = describe(tensor)
        head = ("%s %s " % (dtype, "x".join(map(str, shape)))).encode()
        if len(_heads) >= _HEADS_MAX:
            _heads.clear()
        known = _heads[key] = (head, tensor.numel() * tensor.element_size())
    return known


def is_plain(tensor):
    """Whether a tensor's bytes lie in memory as they are hashed: so do nearly all, and asking is cheap."""
    torch = sys.modules["torch"]
    return (
        type(tensor) in (torch.Tensor, torch.nn.Parameter)
        and tensor.is_cpu
        and tensor.layout is torch.strided
        and tensor.is_contiguous()
        and not (tensor.is_quantized or tensor.is_conj() or tensor.is_neg())
    )


def hash_tensor(tensor):
    """Hash of a tensor's bytes in row-major order, its element type and its shape."""
    if not is_plain(tensor):
        torch = sys.modules["torch"]
        tensor = tensor.detach()
        if hasattr(tensor, "to_local"):
            tensor = tensor.to_local()
        if tensor.layout != torch.strided:
            if tensor.layout == torch.sparse_coo:
                tensor = tensor.coalesce()
                return combine([hash_tensor(tensor.indices()), hash_tensor(tensor.values())])
            tensor = tensor.to_dense()
        if tensor.is_quantized:
            tensor = tensor.int_repr()
        if tensor.device.type == "meta":
            return digest(b"meta")
        if tensor.device.type != "cpu":
            tensor = tensor.cpu()
        if tensor.is_conj() or tensor.is_neg():
            tensor = tensor.resolve_conj().resolve_neg()
        if not tensor.is_contiguous():
            tensor = tensor.contiguous()
    head, size = head_of(tensor)
    return hash_memory(tensor.data_ptr(), size, head)


def combine(hashes):
    return digest(" ".join(hashes).encode())


def tensors_in(value, depth=0):
    """Tensors in nested lists, tuples, dictionaries and objects."""
    torch = sys.modules["torch"]
    if isinstance(value, torch.Tensor):
        yield value
    elif depth < _DEPTH:
        if isinstance(value, (list, tuple)):
            for item in value:
                yield from tensors_in(item, depth + 1)
        elif isinstance(value, dict):
            for item in value.values():
                yield from tensors_in(item, depth + 1)


def hash_value(value, depth=0):
    """Hash of anything that a loader or a module may give; objects count by their attributes."""
    torch = sys.modules["torch"]
    numpy = sys.modules.get("numpy")
    if isinstance(value, torch.Tensor):
        return hash_tensor(value)
    if value is None or isinstance(value, (bool, int, str)):
        return digest(("%s %r" % (type(value).__name__, value)).encode("utf-8", "surrogatepass"))
    if isinstance(value, float):
        return digest(b"float" + struct.pack("<d", value))
    if isinstance(value, (bytes, bytearray)):
        return digest(b"bytes" + bytes(value))
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
        array = numpy.ascontiguousarray(value)
        if array.dtype.hasobject:
            return hash_value(array.tolist(), depth + 1)
        head = ("%s %s " % (array.dtype.str, "x".join(map(str, array.shape)))).encode()
        return hash_memory(array.ctypes.data, array.nbytes, head)
    if depth >= _DEPTH:
        return digest(type(value).__name__.encode())
    if isinstance(value, (list, tuple)):
        return combine(["list"] + [hash_value(item, depth + 1) for item in value])
    if isinstance(value, (set, frozenset)):
        return combine(["set"] + sorted(hash_value(item, depth + 1) for item in value))
    if hasattr(value, "items") and hasattr(value, "keys"):
        pairs = [hash_value(key, depth + 1) + hash_value(item, depth + 1) for key, item in value.items()]
        return combine(["dict"] + pairs)
    fields = getattr(value, "__dict__", None)
    if isinstance(fields, dict) and not callable(value):
        return combine([type(value).__name__, hash_value(fields, depth + 1)])
    return digest(type(value).__name__.encode())
`;
