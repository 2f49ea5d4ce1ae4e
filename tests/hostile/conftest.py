from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.isolated import Isolated


@pytest.fixture(scope="module")
def isolated() -> Iterator[Isolated]:
    """A process that tries hostile files, with bounds that the kernel keeps."""
    with Isolated() as process:
        yield process
