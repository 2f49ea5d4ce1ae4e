"""Prints what became of all mutants at the end of a run: `pytest -p tests.hostile.figures`."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

PROPERTY = "mutants"
_COLUMNS = ("tried", "refused", "accepted", "bad")
# Codes below are those of reading; whatever got further was read without a mistake of form.
_FIRST_OF_MEANING = "OBS200"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each kind of file, and one for all of them."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    found = [value for report in reports for name, value in report.user_properties if name == PROPERTY]
    if not found:
        return
    terminalreporter.section("mutants")
    counted = {one["kind"]: _counted(one) for one in found}
    everything: Counter[str] = sum(counted.values(), Counter())
    head = "".join(f"{name:>10}" for name in (*_COLUMNS, "past form"))
    terminalreporter.line(f"{'':32}{head}")
    for kind, numbers in {**counted, "all": everything}.items():
        line = "".join(f"{numbers[name]:>10}" for name in (*_COLUMNS, "past form"))
        terminalreporter.line(f"{kind:32}{line}")
    terminalreporter.line(f"try the same again with OBSGEN_FUZZ_SEED={found[0]['seed']}")


def _counted(found: dict[str, Any]) -> Counter[str]:
    numbers = Counter({name: found.get(name, 0) for name in ("refused", "accepted", "bad")})
    deep = sum(number for code, number in found["refusals"].items() if code >= _FIRST_OF_MEANING)
    return numbers + Counter({"tried": numbers.total(), "past form": numbers["accepted"] + deep})
