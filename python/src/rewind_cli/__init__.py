"""Seeded replay of training runs, from Python.

Every function runs the ``rewind`` command and returns its report. The command is found on PATH, through Deno or
Node, or in the variable ``REWIND_COMMAND``.
"""

from .command import RewindError, Report, baseline, check_determinism, check_resume, diff, seeds
from .replay import ReplayReport, replay
from .testing import assert_reproduces

__all__ = [
    "ReplayReport",
    "Report",
    "RewindError",
    "assert_reproduces",
    "baseline",
    "check_determinism",
    "check_resume",
    "diff",
    "replay",
    "seeds",
]

__version__ = "0.1.0"
