"""Runs the ``rewind`` command and reads its report."""

from __future__ import annotations

import html
import json
import os
import shlex
import shutil
import subprocess
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

Command = Union[str, Sequence[str]]

_PACKAGE = "jsr:@rewind/cli"


class RewindError(RuntimeError):
    """The command could not do its work: wrong input, a program that is not there, an interruption."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        #: Exit code of the command.
        self.exit_code = exit_code


def find_command() -> List[str]:
    """The words that start ``rewind``: of REWIND_COMMAND, of PATH, through Deno, or through npx.

    :raises RewindError: if there is none of them.
    """
    given = os.environ.get("REWIND_COMMAND", "")
    if given.strip():
        return shlex.split(given)
    own = shutil.which("rewind")
    if own is not None:
        return [own]
    deno = shutil.which("deno")
    if deno is not None:
        return [deno, "run", "--quiet", "-A", _PACKAGE]
    npx = shutil.which("npx")
    if npx is not None:
        return [npx, "-y", "deno", "run", "--quiet", "-A", _PACKAGE]
    raise RewindError(
        "Cannot find the rewind command: install it, or Deno (https://deno.com), or set REWIND_COMMAND", 127
    )


class Report(Mapping[str, Any]):
    """The report of a verb: a mapping whose keys are attributes, too."""

    def __init__(self, verb: str, values: Dict[str, Any], exit_code: int) -> None:
        #: Verb that made it.
        self.verb = verb
        #: 0 the answer is yes, 1 it is no, 3 nothing could be compared.
        self.exit_code = exit_code
        self._values = values

    def __getattr__(self, name: str) -> Any:
        # Copies and pickles ask before there are values.
        values = self.__dict__.get("_values", {})
        if name in values:
            return values[name]
        raise AttributeError("the report of rewind %s has no '%s'" % (self.__dict__.get("verb"), name))

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def ok(self) -> bool:
        """Whether the answer is yes."""
        return self.exit_code == 0

    def __repr__(self) -> str:
        return "<rewind %s: %s>" % (self.verb, self._values.get("verdict"))

    def _repr_html_(self) -> str:
        """The report in a notebook: the verdict, and why."""
        verdict = str(self._values.get("verdict")).replace("_", " ")
        lines = ["warning: %s" % text for text in self._values.get("warnings", [])]
        lines += [str(text) for text in self._values.get("reasons", [])]
        return "<div><p><b>%s rewind %s: %s</b></p>%s</div>" % (
            "✅" if self.ok else "❌",
            html.escape(self.verb),
            html.escape(verdict),
            "".join("<p>%s</p>" % html.escape(line) for line in lines),
        )


def words(command: Command) -> str:
    """A command as one text that a POSIX shell would split into the same words."""
    return command if isinstance(command, str) else " ".join(shlex.quote(word) for word in command)


def run(verb: str, arguments: Sequence[str], options: Mapping[str, Any], cwd: Optional[str] = None) -> Report:
    """Runs a verb with ``--json`` and returns its report.

    :param options: further options by their names in Python: ``fail_fast=True``, ``jobs=2``, ``without=["threads"]``.
    :raises RewindError: if the command gives no report.
    """
    argv = [*find_command(), verb, *arguments, *_flags(options), "--json"]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd, check=False)
    text = done.stdout.decode("utf-8", "replace")
    said = done.stderr.decode("utf-8", "replace").strip()
    # 130: the user's Ctrl-C reached the command as well.
    if done.returncode == 130:
        raise KeyboardInterrupt
    if done.returncode not in (0, 1, 3) or not text.strip():
        raise RewindError(said or "rewind %s ended with code %d" % (verb, done.returncode), done.returncode)
    return Report(verb, _numbers(json.loads(text)), done.returncode)


def _flags(options: Mapping[str, Any]) -> List[str]:
    flags: List[str] = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            flags.append(flag)
        elif isinstance(value, Mapping):
            flags.append("%s=%s" % (flag, json.dumps(value)))
        elif isinstance(value, (list, tuple)):
            flags.extend("%s=%s" % (flag, item) for item in value)
        else:
            flags.append("%s=%s" % (flag, value))
    return flags


_SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def _numbers(value: Any) -> Any:
    """JSON has no NaN: rewind writes it, and the infinities, as texts."""
    if isinstance(value, str):
        return _SPECIAL.get(value, value)
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    return value


def check_determinism(command: Command, *, cwd: Optional[str] = None, **options: Any) -> Report:
    """Runs a command several times with one seed; ``report.culprit`` names what makes the runs differ."""
    return run("check-determinism", ["--cmd=" + words(command)], options, cwd)


def check_resume(
    command: Command, resume_command: Optional[Command] = None, *, at: int, cwd: Optional[str] = None, **options: Any
) -> Report:
    """Kills a command at a step and resumes it; ``report.not_restored`` names what its checkpoint forgot."""
    arguments = ["--command=" + words(command), "--at=%d" % at]
    if resume_command is not None:
        arguments.append("--resume-command=" + words(resume_command))
    return run("check-resume", arguments, options, cwd)


def baseline(command: Command, output_dir: str = "baseline", *, cwd: Optional[str] = None, **options: Any) -> Report:
    """Runs a command once and keeps its log, the command and its surroundings in a folder."""
    return run("baseline", ["--command=" + words(command), "--output-dir=" + os.fspath(output_dir)], options, cwd)


def seeds(a: str, b: Optional[str] = None, *, metrics: Union[str, Sequence[str]], **options: Any) -> Report:
    """Compares runs of several seeds: ``report.verdict`` says whether B is better than A."""
    paths = [os.fspath(a)] + ([] if b is None else [os.fspath(b)])
    return run("seeds", [*paths, *metric_flags(metrics)], options)


def diff(a: str, b: str, **options: Any) -> Report:
    """Finds the first difference between two logs."""
    return run("diff", ["--a=" + os.fspath(a), "--b=" + os.fspath(b)], options)


def metric_flags(metrics: Union[str, Sequence[str]]) -> List[str]:
    """Metrics as options; a text may hold several, separated by commas."""
    names = [metrics] if isinstance(metrics, str) else list(metrics)
    return ["--metrics=" + name for name in names]
