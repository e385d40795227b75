"""Seeded replay of a training run."""

from __future__ import annotations

import html
import json
import os
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Union

from .command import Command, _numbers, metric_flags, run, words

_HEADS = {
    "passed": "reproduces",
    "failed": "does not reproduce",
    "nothing_compared": "nothing was compared",
    "command_failed": "the command failed",
    "dry_run": "dry run",
}


@dataclass
class ReplayReport:
    """What a replay found. The fields of the first paragraph are those of rldk's report."""

    passed: bool
    original_seed: int
    replay_seed: int
    metrics_compared: List[str]
    tolerance: float
    #: Values outside the tolerance: step, metric, original, replay, absolute_diff, relative_diff, tolerance.
    mismatches: List[Dict[str, Any]]
    tolerance_violations: int
    #: By metric: max_diff, max_diff_step, mean_diff, std_diff, tolerance_violations and more.
    comparison_stats: Dict[str, Dict[str, Any]]
    replay_command: str
    replay_duration: float

    #: passed, failed, nothing_compared, command_failed or dry_run.
    verdict: str = "failed"
    #: Why it did not pass.
    reasons: List[str] = field(default_factory=list)
    #: What may make the answer another one than was meant.
    warnings: List[str] = field(default_factory=list)
    #: The first value outside the tolerance.
    first_mismatch: Optional[Dict[str, Any]] = None
    #: What has changed since the baseline, most suspicious first; None where the run is no baseline.
    changed_since_baseline: Optional[List[Dict[str, Any]]] = None
    #: Files that were written, by name.
    files: Dict[str, str] = field(default_factory=dict)
    #: The whole report of the command.
    raw: Dict[str, Any] = field(default_factory=dict, repr=False)

    def summary(self) -> str:
        """The verdict and why, in a few lines."""
        lines = [
            "%s: %d values of %s, seed %s"
            % (
                _HEADS.get(self.verdict, self.verdict),
                self.raw.get("compared", 0),
                ", ".join(self.metrics_compared) or "no metric",
                self.original_seed,
            )
        ]
        return "\n".join(lines + ["warning: " + text for text in self.warnings] + self.reasons)

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        """The report in a notebook: the verdict, the first divergence, a row for each metric."""
        head, *why = self.summary().split("\n")
        rows = "".join(
            "<tr><td><code>%s</code></td><td>%s of %s</td><td>%s</td><td>%.3g</td></tr>"
            % (
                html.escape(name),
                stats.get("tolerance_violations"),
                stats.get("compared"),
                "–" if stats.get("first_violation_step") is None else stats["first_violation_step"],
                stats.get("max_diff") or 0.0,
            )
            for name, stats in self.comparison_stats.items()
        )
        page = self.files.get("page")
        return (
            "<div><p><b>%s %s</b></p>%s<table><thead><tr><th>metric</th><th>outside</th><th>first at step</th>"
            "<th>largest difference</th></tr></thead><tbody>%s</tbody></table>%s</div>"
            % (
                "✅" if self.passed else "❌",
                html.escape(head),
                "".join("<p>%s</p>" % html.escape(line) for line in why),
                rows,
                "" if page is None else '<p><a href="%s">report page</a></p>' % html.escape(page, quote=True),
            )
        )


def replay(
    run_path: Union[str, "os.PathLike[str]"],
    training_command: Optional[Command] = None,
    metrics_to_compare: Optional[Union[str, Sequence[str]]] = None,
    tolerance: float = 0.01,
    max_steps: Optional[int] = None,
    output_dir: Union[str, "os.PathLike[str]"] = "replay_results",
    device: Optional[str] = None,
    *,
    cwd: Optional[str] = None,
    **options: Any,
) -> ReplayReport:
    """Runs a training command again with the seed of its log and compares the metrics step by step.

    :param run_path: log of the original run, a file or a folder; or a baseline, which knows its command.
    :param training_command: command that made it, a text or words; no shell is run.
    :param metrics_to_compare: names of metrics, or ``"all"``.
    :param tolerance: largest relative difference allowed (absolute near zero); 0 requires equal bits.
    :param max_steps: last step that is compared; the command is stopped there.
    :param output_dir: folder for the results.
    :param device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
    :param options: any other option of ``rewind replay``, such as ``replicas=3`` or ``fail_fast=True``.
    :raises RewindError: if the log has no seed or lacks a metric, or the command cannot be started.
    """
    arguments = [
        "--run=" + os.fspath(run_path),
        "--tolerance=%r" % tolerance,
        "--output-dir=" + os.fspath(output_dir),
    ]
    if training_command is not None:
        arguments.append("--command=" + words(training_command))
    if metrics_to_compare is not None:
        arguments.extend(metric_flags(metrics_to_compare))
    found = run("replay", arguments, {"max_steps": max_steps, "device": device, **options}, cwd)
    raw = dict(found)
    files = dict(raw.get("files") or {})
    mismatches: List[Dict[str, Any]] = []
    if "mismatches" in files:
        with open(os.path.join(cwd or "", files["mismatches"]), encoding="utf-8") as file:
            mismatches = _numbers(json.load(file))
    return ReplayReport(
        passed=raw["passed"],
        original_seed=int(raw["original_seed"]),
        replay_seed=int(raw["replay_seed"]),
        metrics_compared=raw["metrics_compared"],
        tolerance=raw["tolerance"],
        mismatches=mismatches,
        tolerance_violations=raw["tolerance_violations"],
        comparison_stats=raw["comparison_stats"],
        replay_command=raw["replay_command"],
        replay_duration=raw["replay_duration"],
        verdict=raw["verdict"],
        reasons=raw["reasons"],
        warnings=raw["warnings"],
        first_mismatch=raw["first_mismatch"],
        changed_since_baseline=raw.get("changed_since_baseline"),
        files=files,
        raw=raw,
    )
