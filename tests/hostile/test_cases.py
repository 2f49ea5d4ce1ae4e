"""What mutants and attackers broke once: each case says what was wrong, and what becomes of it now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diagnostics.case import BASE, read_case
from tests.hostile.isolated import Isolated
from tests.hostile.seeds import HERE, OLD, texts

CASES = sorted((HERE / "cases").glob("*.txt"))
BESIDE = {"spec": texts(BASE), "routing": {OLD: (HERE / "alertmanager.yaml").read_text()}}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_taken_or_refused_as_it_says(path: Path, isolated: Isolated) -> None:
    """The name begins with who reads it; the last heading is what becomes of it."""
    *files, (verdict, _) = read_case(path).files.items()
    reader = path.name.partition("-")[0]
    outcome = isolated.outcome(reader, {name: text.encode() for name, text in (*BESIDE[reader].items(), *files)})
    assert f"{outcome.result} {outcome.reason}".strip() == verdict, outcome.detail
