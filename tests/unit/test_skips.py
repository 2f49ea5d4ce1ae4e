"""A run says what it skips, and fails where that is too much."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.skips import GENERATIONS, MOST

RUNNING = """
import pytest

def test_run():
    pass

"""
LEAVING_OUT = """
@pytest.mark.parametrize("number", range({count}))
def test_left_out(number):
    pytest.skip("the moon is missing")
"""


def run(folder: Path, count: int) -> tuple[int, list[str]]:
    """The exit code of a run that skips so many tests, and its output."""
    (folder / "test_skipping.py").write_text(RUNNING + LEAVING_OUT.format(count=count) if count else RUNNING)
    command = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", "-p", "tests.skips"]
    outside = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=outside, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def test_names_and_reasons_stand_in_one_line(tmp_path):
    code, lines = run(tmp_path, 2)
    names = "test_skipping.py::test_left_out[0], test_skipping.py::test_left_out[1]"
    assert f"2 tests skipped: {names} (the moon is missing)" in lines
    assert code == 0


def test_a_run_that_skips_nothing_says_so(tmp_path):
    assert "0 tests skipped" in run(tmp_path, 0)[1]


@pytest.mark.parametrize(("count", "code"), [(MOST, 0), (MOST + 1, 1)])
def test_more_than_the_bound_fails_where_both_generations_are_at_hand(count, code, tmp_path):
    here = all((ROOT / ".tools" / name).is_dir() for name in GENERATIONS)
    found, lines = run(tmp_path, count)
    assert found == (code if here else 0)
    assert (f"at most {MOST} tests may be skipped" in lines) == (here and bool(code))
