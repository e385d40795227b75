"""Reproducibility as an assertion."""

from __future__ import annotations

import os
import tempfile
from typing import Any, Optional, Sequence, Union

from .command import Command, Report, check_determinism
from .replay import ReplayReport, replay


def assert_reproduces(
    training_command: Optional[Command] = None,
    run_path: Optional[Union[str, "os.PathLike[str]"]] = None,
    metrics: Union[str, Sequence[str]] = "all",
    tolerance: float = 0.0,
    *,
    output_dir: Optional[Union[str, "os.PathLike[str]"]] = None,
    **options: Any,
) -> Union[ReplayReport, Report]:
    """Fails unless a training command reproduces.

    With ``run_path`` the command must give the metrics of that log (or baseline) again. Without it the command must
    give the same metrics every time: it runs ``replicas`` times (default 2), in fresh processes, with one seed.

    :raises AssertionError: with the first divergence, and what causes it as far as that was found.
    """
    if output_dir is None:
        with tempfile.TemporaryDirectory(prefix="rewind-") as folder:
            return assert_reproduces(
                training_command, run_path, metrics, tolerance, output_dir=os.path.join(folder, "results"), **options
            )
    if run_path is not None:
        report = replay(run_path, training_command, metrics, tolerance, output_dir=output_dir, **options)
        if not report.passed:
            raise AssertionError("the training run %s" % report.summary())
        return report
    if training_command is None:
        raise TypeError("assert_reproduces() needs a command, or the folder of a baseline as run_path")
    options.setdefault("replicas", 2)
    names = metrics if isinstance(metrics, str) else ",".join(metrics)
    found = check_determinism(
        training_command, compare=names, tolerance=tolerance, output_dir=os.fspath(output_dir), **options
    )
    if not found.ok:
        raise AssertionError(_why(found))
    return found


def _why(report: Report) -> str:
    lines = ["the training command is %s" % str(report.verdict).replace("_", " "), *report.reasons]
    if report.culprit:
        lines.append("culprit: %s" % report.culprit)
    lines.extend("fix: %s" % fix for fix in report.fixes)
    lines.extend("warning: %s" % text for text in report.warnings)
    return "\n".join(lines)
