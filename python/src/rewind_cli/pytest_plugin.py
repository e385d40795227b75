"""The fixture ``assert_reproduces`` for pytest."""

from __future__ import annotations

from typing import Any, Callable, Union

import pytest

from .command import Report
from .replay import ReplayReport
from .testing import assert_reproduces as check


@pytest.fixture
def assert_reproduces(tmp_path: Any) -> Callable[..., Union[ReplayReport, Report]]:
    """Fails the test unless a training command reproduces; the results stay in the test's ``tmp_path``."""
    made = []

    def function(*args: Any, **options: Any) -> Union[ReplayReport, Report]:
        __tracebackhide__ = True
        made.append(None)
        options.setdefault("output_dir", tmp_path / ("rewind_%d" % len(made)))
        try:
            return check(*args, **options)
        except AssertionError as error:
            failure = str(error)
        # Out of the handler: pytest would print the error a second time, as the context of the failure.
        pytest.fail(failure, pytrace=False)

    return function
