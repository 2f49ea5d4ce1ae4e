"""How an objective stands, in a word; and what an operator should look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from obsgen.live.objective_types import Budget, ObjectiveStanding, Pace
from obsgen.live.types import Finding
from obsgen.live.watermarks import Level
from obsgen.units import Duration

MOSTLY_SPENT: Final = 0.75
_DAY: Final = 86_400.0
_GRAVEST_FIRST = ("critical", "warning", "info")


def level(budget: Budget, exhausted_in: Mapping[Pace, float | None]) -> Level | None:
    """Critical: overspent, or gone within a day at the pace of the last hour. Warning: three quarters are spent.

    The pace of the last day is not asked: after an outage that is over it would still cry.
    """
    if budget.remaining is None or budget.spent is None:
        return None
    soon = exhausted_in["at_1h_pace"]
    if budget.remaining < 0 or (budget.remaining > 0 and soon is not None and soon < _DAY):
        return "critical"
    return "warning" if budget.spent >= MOSTLY_SPENT else "ok"


def objective_findings(standings: Sequence[ObjectiveStanding]) -> tuple[Finding, ...]:
    """The gravest first, in the order of the report otherwise."""
    found = [finding for standing in standings for finding in _of(standing)]
    return tuple(sorted(found, key=lambda finding: _GRAVEST_FIRST.index(finding.level)))


def _of(standing: ObjectiveStanding) -> Iterator[Finding]:
    budget, title = standing.budget, standing.title
    whose = "this month's error budget" if standing.period == "month" else f"the error budget of {standing.period}"
    if budget.remaining is None or budget.spent is None:
        message = "nothing is recorded of it, so its budget is not known: does what it measures still have series?"
        yield Finding("warning", title, message)
        return
    if budget.remaining < 0:
        yield Finding("critical", title, f"{whose} is overspent: {budget.spent:.1%} of it are gone")
    elif standing.level == "critical":
        message = (
            f"what is left of {whose}, {budget.remaining:.1%}, is gone in {_soon(standing)} at the last hour's pace"
        )
        yield Finding("critical", title, message)
    elif standing.level == "warning":
        yield Finding("warning", title, f"{budget.spent:.1%} of {whose} are spent")


def _soon(standing: ObjectiveStanding) -> str:
    return duration_text(standing.exhausted_in["at_1h_pace"] or 0.0)


def duration_text(seconds: float) -> str:
    """To the minute, of a day to the hour, of two to the day: nobody plans by more."""
    if seconds < 60:
        return "under 1m"
    unit = _DAY if seconds >= 2 * _DAY else 3600 if seconds >= _DAY else 60
    return str(Duration.of_seconds(seconds // unit * unit))
