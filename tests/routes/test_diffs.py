"""Two routings and what changes between them, as a reader sees it. `UPDATE=1 pytest tests/routes` rewrites it."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import obsgen
from obsgen.cli import main
from tests.diagnostics.case import perform, read_case

HERE = Path(__file__).parent
PRODUCTION = HERE.parents[1] / "config" / "production.yaml"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    obsgen.build(PRODUCTION, folder, ("prometheus", "prometheus-operator"))
    return folder


@pytest.mark.parametrize("path", sorted((HERE / "diffs").glob("*.txt")), ids=lambda path: path.stem)
def test_the_difference_is_told_as_the_case_says(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = read_case(path)
    shutil.copy(PRODUCTION, tmp_path)
    for name, body in case.files.items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    steps = tuple(perform(step) for step in case.steps)
    if os.environ.get("UPDATE"):
        path.write_text(replace(case, steps=steps).text(), encoding="utf-8")
        return
    assert steps == case.steps


@pytest.mark.parametrize(
    "inside", ["", "prometheus", "prometheus/alertmanager/alertmanager.yaml", "prometheus-operator"]
)
def test_what_was_built_goes_the_ways_of_its_spec(built: Path, inside: str) -> None:
    done = CliRunner().invoke(main, ["routes", "diff", str(PRODUCTION), str(built / inside)])
    assert (done.exit_code, done.output) == (0, "every alert goes the same ways as before\n")
