"""What several tests share: the example spec, compiled once, and compiled rules under promtool."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from obsgen.pipeline import Compiled
from obsgen.programs.checkers import Tool, find_tool
from tests.compiled import shipped_spec

pytest_plugins = ["tests.skips"]
ROOT = Path(__file__).resolve().parent.parent

# obsgen itself never looks where `make tools` unpacks: what the machine has comes first, then these.
os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *map(str, sorted(ROOT.glob(".tools/*/usr/*bin")))])

# A worker keeps compiled specs and parsed expressions to its end, and would walk through all of them again and again.
gc.set_threshold(50_000, 20, 100)


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """A command switches the collector of cycles off for its own short life; a run of tests is long."""
    yield
    gc.enable()


@pytest.fixture(scope="session")
def example() -> Compiled:
    return shipped_spec("example")


@pytest.fixture(scope="session", params=["bookworm", pytest.param("sid", marks=pytest.mark.e2e)])
def promtool(request: pytest.FixtureRequest) -> Tool:
    """promtool 2.42 and, end to end, 3.5, side by side in .tools."""
    folder = ROOT / ".tools" / request.param / "usr" / "bin"
    if (folder / "promtool").exists():
        return find_tool("promtool", folder)
    if request.param == "sid":
        pytest.skip(f"promtool of Debian {request.param} is not fetched")
    # Where nothing had to be fetched, the one on PATH is meant.
    return find_tool("promtool", None)


@pytest.fixture
def refuted(promtool: Tool, tmp_path: Path) -> Callable[..., str]:
    """What promtool holds against the expected answers; empty where all of them are right."""

    def run(group: dict[str, Any], series: list[dict[str, str]], asked: list[dict[str, Any]], every: str = "1m") -> str:
        test = {"interval": "1m", "input_series": series, "promql_expr_test": asked}
        (tmp_path / "rules.json").write_text(json.dumps({"groups": [{**group, "interval": every}]}))
        body = {"rule_files": ["rules.json"], "evaluation_interval": every, "tests": [test]}
        (tmp_path / "tests.json").write_text(json.dumps(body))
        done = promtool.run("test", "rules", "tests.json", folder=tmp_path)
        return done.output if done.code else ""

    return run
