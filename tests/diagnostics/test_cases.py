"""What a person reads when an input is wrong, to the letter. `UPDATE=1 pytest tests/diagnostics` rewrites it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.diagnostics.case import Case, all_cases, perform

ALL = list(all_cases())
each_case = pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)

# Faults that only promtool, amtool or the output folder shows: a build does not meet them.
OUTSIDE_BUILD = {"OBS450", "OBS451", "OBS452", "OBS460", "OBS470", "OBS510", "OBS525"}
OUTSIDE_BUILD |= {f"OBS60{digit}" for digit in range(1, 10)}
# What a build needs no consent for: it asks no server.
OUTSIDE_BUILD |= {"OBS253", "OBS254"}
# What only the programs themselves show, or another command that writes.
OUTSIDE_BUILD |= {"OBS453", "OBS454", "OBS455", "OBS457", "OBS459"}
REFUSED = [
    case
    for case in ALL
    if "spec.yaml" in case.files
    and case.steps[-1].code == 2
    and not OUTSIDE_BUILD.intersection(case.steps[-1].findings)
]


@each_case
def test_the_command_prints_what_the_case_says(case: Case, lay_out: Callable[[Case], Path]) -> None:
    lay_out(case)
    steps = tuple(perform(step) for step in case.steps)
    if os.environ.get("UPDATE"):
        case.path.write_text(replace(case, steps=steps).text(), encoding="utf-8")
        return
    assert steps == case.steps


@each_case
def test_a_case_shows_the_fault_that_it_is_named_after(case: Case) -> None:
    found = [code for step in case.steps for code in step.findings]
    match case.name.partition("-")[0]:
        case "fine":
            assert not found
        case "several":
            assert len(found) > 1
        case code:
            assert code in found


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_a_refused_spec_leaves_the_output_as_it_was(
    case: Case, lay_out: Callable[[Case], Path], good_output: Path
) -> None:
    out = lay_out(case) / "out"
    shutil.copytree(good_output, out, dirs_exist_ok=True)
    before = _bytes_of(out)
    done = perform(replace(case.steps[-1], arguments=("build", "spec.yaml", "-o", "out")))
    assert done.code == 2, done.prints
    assert _bytes_of(out) == before


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
