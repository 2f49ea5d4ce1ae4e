"""Reports of other tests, for what is done to them here, and a process of its own to try hostile files in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.isolated import Isolated
from tests.unit.report.conftest import objectives_report

__all__ = ["isolated", "objectives_report"]


@pytest.fixture(scope="module")
def isolated() -> Iterator[Isolated]:
    with Isolated() as process:
        yield process
