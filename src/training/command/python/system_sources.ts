/**
 * The part of the `sitecustomize` that fixes what is no library's: the clock, and the system's entropy.
 * This module is browser compatible.
 *
 * @module
 */

/** Two functions, for the text that defines `_SEED`, `_used` and `_watch`. */
export const PYTHON_SYSTEM_SOURCES = `def _fix_clock():
    import time

    # Each look at the clock is a millisecond after the one before, whatever the time is.
    ticks = [1_600_000_000_000]

    def time_ns():
        ticks[0] += 1
        _used("clock")
        return ticks[0] * 1_000_000

    time.time_ns = time.perf_counter_ns = time_ns
    time.time = time.perf_counter = lambda: time_ns() / 1e9
    _watch("clock", int)


def _fix_entropy():
    made = [0]

    def urandom(size):
        import hashlib

        made[0] += 1
        _used("entropy")
        return hashlib.shake_128(b"%d %d" % (_SEED, made[0])).digest(size)

    os.urandom = urandom
    if hasattr(os, "getrandom"):
        os.getrandom = lambda size, flags=0: urandom(size)
    # SystemRandom and secrets draw from the name that random took when it was imported.
    if "random" in sys.modules:
        sys.modules["random"]._urandom = urandom
    _watch("entropy", int)`;
