/**
 * The Python text that counts steps and writes records.
 * This module is browser compatible.
 *
 * @module
 */

/** It runs in the processes of the command: whatever goes wrong in it ends the recording, never the program. */
export const PYTHON_STREAM = String
  .raw`# Written by rewind for one run; deleted afterwards. The stream of fingerprints: see docs/fingerprints.md.
import atexit
import json
import os
import sys
import threading
import weakref

import _rewind_hash as h

LEVEL = os.environ["REWIND_FINGERPRINT"]
EVERY = int(os.environ.get("REWIND_FINGERPRINT_EVERY", "1"))
_FOLDER = os.environ["REWIND_FINGERPRINT_FOLDER"]
_UNITS = 1 << 16

lock = threading.RLock()


class _State:
    """All that belongs to one process; a fork that trains starts anew."""

    def __init__(self):
        self.pid = os.getpid()
        self.fd = None
        self.lines = []
        self.size = 0
        self.step = 0
        self.stepped = set()
        # In the order in which they were made: a set's own order is another one in each process.
        self.known = weakref.WeakKeyDictionary()
        # Of this step: parameters that an optimizer has, and the modules whose other weights were recorded.
        self.trained = (None, frozenset())
        self.held = weakref.WeakKeyDictionary()
        self.stopped = False


state = _State()


def active():
    """Whether this process records the step that it is in."""
    return not state.stopped and state.pid == os.getpid() and state.step % EVERY == 0


def guarded(function):
    """What goes wrong in here ends the recording, never the program."""

    def guard(*args, **kwargs):
        if state.stopped:
            return None
        try:
            with lock:
                return function(*args, **kwargs)
        except Exception as error:
            why = "%s: %s" % (type(error).__name__, error)
            sys.stderr.write("rewind: fingerprints end at step %d: %s\n" % (state.step, why))
            state.stopped = True
            state.lines.append(json.dumps({"end": "error", "step": state.step, "why": why}))
            try:
                flush()
            except OSError:
                pass
            return None

    return guard


def emit(kind, name, digest, of=None, inputs=None, value=None):
    line = '{"step":%d,"kind":"%s","name":%s,"hash":"%s"' % (
        state.step, kind, json.dumps(name), digest)
    if of is not None:
        line += ',"type":' + json.dumps(of)
    if inputs is not None:
        line += ',"inputs":' + json.dumps(inputs, separators=(",", ":"))
    if value is not None:
        line += ',"value":' + json.dumps(value)
    state.lines.append(line + "}")
    state.size += len(line)
    if state.size > _UNITS:
        flush()


def flush():
    if not state.lines or state.pid != os.getpid():
        return
    if state.fd is None:
        state.fd = _open()
    data = ("\n".join(state.lines) + "\n").encode()
    while data:
        data = data[os.write(state.fd, data):]
    state.lines, state.size = [], 0


def _open():
    rank = os.environ.get("RANK", "")
    stem = "fingerprints.rank%s" % rank if rank not in ("", "0") else "fingerprints"
    for number in range(1, 1000):
        name = "%s%s.jsonl" % (stem, "" if number == 1 else ".%d" % number)
        try:
            fd = os.open(os.path.join(_FOLDER, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            continue
        head = {"rewind": "fingerprints", "version": 1, "level": LEVEL, "every": EVERY,
                "hash": h.algorithm(), "torch": str(sys.modules["torch"].__version__)}
        os.write(fd, (json.dumps(head) + "\n").encode())
        return fd
    raise OSError("too many processes write fingerprints")


@atexit.register
def _close():
    started = state.fd is not None or state.lines
    if started and not state.stopped and state.pid == os.getpid():
        state.lines.append(json.dumps({"end": "exit", "step": state.step}))
        guarded(flush)()


def type_of(value):
    found = []
    for tensor in h.tensors_in(value):
        dtype, shape = h.describe(tensor)
        found.append("%s[%s]" % (dtype, ",".join(map(str, shape))))
        if len(found) == 20:
            break
    return " ".join(found) or None


# Steps. A step ends with the last optimizer's step of it: the next event that belongs to a new one begins it.

def enter(event, optimizer=None):
    if not state.stepped:
        return
    if event == "batch" or id(optimizer) in state.stepped or (
        optimizer is None and len(state.known) <= 1
    ):
        flush()
        state.step += 1
        state.stepped = set()
        state.held = weakref.WeakKeyDictionary()
`;
