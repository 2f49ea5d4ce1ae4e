"""Prometheus' own promtool, each version that lies in .tools or on the PATH, as a judge."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
FOUND = sorted(str(path) for path in ROOT.glob(".tools/*/usr/bin/promtool"))
PROMTOOLS = FOUND or [path for path in [shutil.which("promtool")] if path]

RunTests = Callable[[list[dict[str, Any]], list[dict[str, Any]]], str]


@pytest.fixture(params=PROMTOOLS or [None], ids=lambda path: path.split("/")[-4] if path else "absent")
def promtool(request: pytest.FixtureRequest) -> str:
    """The path of one promtool."""
    if request.param is None:
        pytest.skip("promtool is neither in .tools nor on the PATH")
    return str(request.param)


@pytest.fixture
def promtool_version(promtool: str) -> tuple[int, int]:
    """Major and minor version of that promtool."""
    printed = subprocess.run([promtool, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"version (\d+)\.(\d+)", printed.stdout + printed.stderr)
    assert found
    return int(found[1]), int(found[2])


@pytest.fixture
def run_tests(promtool: str, tmp_path: Path) -> RunTests:
    """Runs unit tests over rules and returns what promtool says; "SUCCESS" where all hold."""

    def run(tests: list[dict[str, Any]], rules: list[dict[str, Any]]) -> str:
        groups = {"groups": [{"name": "rules", "rules": rules}]} if rules else {"groups": []}
        (tmp_path / "rules.yml").write_text(json.dumps(groups))
        suite = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": tests}
        (tmp_path / "tests.yml").write_text(json.dumps(suite))
        ran = subprocess.run(
            [promtool, "test", "rules", "tests.yml"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return "SUCCESS" if ran.returncode == 0 else ran.stdout

    return run


@pytest.fixture
def accepts(promtool: str, tmp_path: Path) -> Callable[[str], bool]:
    """Whether promtool takes an expression."""

    def judge(expr: str) -> bool:
        rules = {"groups": [{"name": "g", "rules": [{"record": "judged", "expr": expr}]}]}
        (tmp_path / "judged.yml").write_text(json.dumps(rules))
        command = [promtool, "check", "rules", "judged.yml"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0

    return judge
