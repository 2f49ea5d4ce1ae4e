"""What several tests share: the example spec, compiled once."""

from __future__ import annotations

from pathlib import Path

import pytest

from obsgen.pipeline import Compiled, compile_stack

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def example() -> Compiled:
    return compile_stack(ROOT / "config" / "example.yaml")
