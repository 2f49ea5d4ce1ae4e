"""The promtools that objectives are held against."""

from __future__ import annotations

from pathlib import Path

import pytest

from obsgen.check.subprocesses import Tool, find_tool

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", params=["bookworm", pytest.param("sid", marks=pytest.mark.e2e)])
def promtool(request: pytest.FixtureRequest) -> Tool:
    folder = ROOT / ".tools" / request.param / "usr" / "bin"
    if (folder / "promtool").exists():
        return find_tool("promtool", folder)
    if request.param == "sid":
        pytest.skip(f"promtool of Debian {request.param} is not fetched")
    # Where nothing had to be fetched, the one on PATH is meant.
    return find_tool("promtool", None)
