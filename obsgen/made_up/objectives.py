"""The series that objectives are measured by: some of each budget is spent, and lately too much unless all is well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from obsgen.lower.objectives.course import Phase
from obsgen.lower.objectives.feeding import fed
from obsgen.made_up.signals import Arriving
from obsgen.made_up.times import ILL_SECONDS, STEP
from obsgen.model.stack import Stack
from obsgen.promql.series import series_labels, series_text

_EVENTS: Final = 10.0  # per second
_RUN: Final = re.compile(r"(-?[\d.]+)([+-][\d.]+)x(\d+)")


def objective_samples(
    stack: Stack, moments: range, known: set[str], arriving: Arriving, *, well: bool = False
) -> Iterator[str]:
    """OpenMetrics lines, without the series that are known; native histograms have no form in this format."""
    course = _calm if well else _course
    for component, objective in ((one, each) for one in stack.components for each in one.objectives):
        for series in fed(objective.sli, course(objective.budget, len(moments))):
            labels = arriving(component, series_labels(series.series))
            if labels is None or "{{" in series.values:
                continue
            same = series_text(dict(sorted(labels.items())))
            if same not in known:
                known.add(same)
                yield from _lines(series_text(labels), series.values, moments)


def _calm(budget: float, minutes: int) -> tuple[Phase, ...]:
    """A third of the budget goes."""
    return (Phase(minutes, _EVENTS, budget / 3),)


def _course(budget: float, minutes: int) -> tuple[Phase, ...]:
    """A third of the budget goes, then for a while several times as much."""
    bad = ILL_SECONDS // STEP
    return Phase(minutes - bad, _EVENTS, budget / 3), Phase(bad, _EVENTS, min(budget * 4, 1.0))


def _lines(series: str, written: str, moments: range) -> Iterator[str]:
    values = [value for part in written.split() for value in _expanded(part)]
    return (f"{series} {value!r} {moment}\n" for moment, value in zip(moments, values, strict=False))


def _expanded(part: str) -> Iterator[float]:
    """`1+2x3` is 1, 3, 5 and 7."""
    found = _RUN.fullmatch(part)
    if found is None:
        yield float(part)
        return
    start, step, count = float(found[1]), float(found[2]), int(found[3])
    yield from (start + step * number for number in range(count + 1))
