"""The series that objectives are measured by: some of each budget is spent, lately more than there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from obsgen.ir.proofs import InputSeries
from obsgen.lower.objectives.course import Phase
from obsgen.lower.objectives.feeding import fed
from obsgen.model.stack import Stack
from obsgen.preview.made_up.times import ILL_SECONDS, SECONDS, STEP
from obsgen.promql.series import series_labels, series_text

_EVENTS: Final = 10.0  # per second
_RUN: Final = re.compile(r"(-?[\d.]+)([+-][\d.]+)x(\d+)")


def objective_samples(stack: Stack, moments: range, known: set[str]) -> Iterator[str]:
    """OpenMetrics lines, without the series that are known; native histograms have no form in this format."""
    for objective in (one for component in stack.components for one in component.objectives):
        for series in fed(objective.sli, _course(objective.budget)):
            same = series_text(dict(sorted(series_labels(series.series).items())))
            if same not in known and "{{" not in series.values:
                known.add(same)
                yield from _lines(series, moments)


def _course(budget: float) -> tuple[Phase, ...]:
    """A third of the budget goes, then for a while several times as much."""
    bad = ILL_SECONDS // STEP
    return Phase(SECONDS // STEP - bad, _EVENTS, budget / 3), Phase(bad, _EVENTS, min(budget * 4, 1.0))


def _lines(series: InputSeries, moments: range) -> Iterator[str]:
    values = [value for part in series.values.split() for value in _expanded(part)]
    return (f"{series.series} {value!r} {moment}\n" for moment, value in zip(moments, values, strict=False))


def _expanded(part: str) -> Iterator[float]:
    """`1+2x3` is 1, 3, 5 and 7."""
    found = _RUN.fullmatch(part)
    if found is None:
        yield float(part)
        return
    start, step, count = float(found[1]), float(found[2]), int(found[3])
    yield from (start + step * number for number in range(count + 1))
