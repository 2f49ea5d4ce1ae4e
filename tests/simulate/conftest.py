"""Simulated samples in files, with their truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from obsgen.simulate.exposition import write_openmetrics
from obsgen.simulate.settings import Settings
from obsgen.simulate.truth import truth_of
from obsgen.simulate.world import make_world

Simulate = Callable[..., tuple[Path, dict[str, Any]]]


@pytest.fixture
def simulate(tmp_path: Path) -> Simulate:
    """Writes a world of these settings; gives the samples' file and the truth."""

    def run(**settings: Any) -> tuple[Path, dict[str, Any]]:
        world = make_world(Settings(**settings))
        samples = tmp_path / "samples.om"
        with samples.open("w") as out:
            write_openmetrics(world, out)
        return samples, truth_of(world)

    return run
