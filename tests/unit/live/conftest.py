"""The sample's generator as a module, and reports by a real Prometheus over what it writes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from obsgen.live.capacity import capacity
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.live.types import CapacityReport
from obsgen.programs.binaries import BinaryMissing, find_binary
from obsgen.query.prometheus import Prometheus

ROOT = Path(__file__).parents[3]
_LAST_NUMBER = re.compile(r" (\d+)$", re.MULTILINE)


@pytest.fixture(scope="session")
def generator() -> ModuleType:
    """scripts/make-capacity-sample, imported."""
    loader = SourceFileLoader("make_capacity_sample", str(ROOT / "scripts" / "make-capacity-sample"))
    loader_spec = spec_from_loader(loader.name, loader)
    assert loader_spec is not None
    module = module_from_spec(loader_spec)
    # dataclasses look their own module up by name.
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module


@pytest.fixture(scope="session", params=["bookworm", "sid"])
def tools(request: pytest.FixtureRequest) -> Path:
    """A folder with promtool and prometheus: 2.42 in bookworm, 3.5 in sid."""
    folder = ROOT / ".tools" / request.param / "usr" / "bin"
    if not (folder / "prometheus").exists():
        pytest.skip(f"Prometheus of Debian {request.param} is not fetched")
    return folder


@pytest.fixture(scope="session")
def _prometheus_installed() -> None:
    try:
        find_binary("prometheus"), find_binary("promtool")
    except BinaryMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def serving(tmp_path: Path, _prometheus_installed: None) -> Callable[..., Any]:
    """Serves OpenMetrics text; `ends_at` moves its samples in time."""

    @contextmanager
    def serve(text: str, *, ends_at: int | None = None) -> Iterator[Prometheus]:
        path = tmp_path / "samples.om"
        path.write_text(text)
        if ends_at is not None:
            shift = ends_at - int(newest_sample(path))
            path.write_text(_LAST_NUMBER.sub(lambda found: f" {int(found[1]) + shift}", text))
        with serve_openmetrics(path) as url, Prometheus(url) as prometheus:
            yield prometheus

    return serve


@pytest.fixture
def reporting(
    serving: Callable[..., Any], generator: ModuleType, _reported: dict[str, CapacityReport]
) -> Callable[..., CapacityReport]:
    """The report over OpenMetrics text, at the sample's end; without options it is asked for once."""

    def report(text: str, **options: Any) -> CapacityReport:
        if not options and text in _reported:
            return _reported[text]
        with serving(text) as prometheus:
            found = capacity(prometheus, at=generator.END, **options)
        if not options:
            _reported[text] = found
        return found

    return report


@pytest.fixture(scope="session")
def _reported() -> dict[str, CapacityReport]:
    return {}
