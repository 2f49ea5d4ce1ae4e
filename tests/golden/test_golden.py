"""Whole specs against the files that they stand for. `UPDATE=1 pytest tests/golden` rewrites the expectations."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from obsgen.emit.folder.manifest import MANIFEST
from obsgen.pipeline import build
from obsgen.spec.root import SpecFile

CASES = Path(__file__).parent / "cases"
TARGETS = ("prometheus-operator", "prometheus")


def tree(folder: Path) -> dict[str, str]:
    """Every file but dashboards, whose JSON has tests of its own, and the manifest with its hashes of all."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    kept = (path for path in files if path.suffix != ".json" and "ConfigMap" not in path.name and path.name != MANIFEST)
    return {str(path.relative_to(folder)): path.read_text() for path in kept}


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_a_spec_compiles_to_what_is_expected(case, tmp_path):
    build(SpecFile(case / "spec.yaml", CASES), tmp_path, TARGETS)
    expected = case / "expected"
    if os.environ.get("UPDATE"):
        shutil.rmtree(expected, ignore_errors=True)
        for name, text in tree(tmp_path).items():
            (expected / name).parent.mkdir(parents=True, exist_ok=True)
            (expected / name).write_text(text)
    assert tree(tmp_path) == tree(expected)


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_two_builds_are_the_same_to_the_byte(case, tmp_path):
    build(SpecFile(case / "spec.yaml", CASES), tmp_path / "one", TARGETS)
    build(SpecFile(case / "spec.yaml", CASES), tmp_path / "two", TARGETS)
    one = {
        path.relative_to(tmp_path / "one"): path.read_bytes()
        for path in (tmp_path / "one").rglob("*")
        if path.is_file()
    }
    two = {
        path.relative_to(tmp_path / "two"): path.read_bytes()
        for path in (tmp_path / "two").rglob("*")
        if path.is_file()
    }
    assert one == two
