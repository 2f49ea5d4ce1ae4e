"""What spent the budget: the hours in which most failed, and the groups that failed most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from obsgen.live.objective_periods import Period
from obsgen.live.objective_queries import Chosen, spending_query
from obsgen.live.objective_readings import Labels, Place, Promise, place_of
from obsgen.live.objective_types import Group, Span
from obsgen.query.errors import PrometheusError
from obsgen.query.prometheus import Prometheus
from obsgen.query.samples import amount

Hours = Mapping[float, float]  # the end of each step, and what failed in it, in any one unit

_SPANS = 3
# A span that took less than this of what is spent explains nothing.
_WORTH_TELLING = 0.05
_GROUPS = 10
# Both ends of a range belong to it before Prometheus 3: a moment later, no sample lies on the seam of two steps.
_PAST_THE_SEAM = 0.001


@dataclass(frozen=True, slots=True)
class Spending:
    """What failed in each step, by group, by place; and what the backend said."""

    places: Mapping[Place, Mapping[Labels, Hours]]
    warnings: tuple[str, ...] = ()

    def spans(self, place: Place, group: Labels, period: Period, spent: float | None) -> tuple[Span, ...]:
        """The spans in which the group's budget went fastest; `spent` is the share of it that is gone."""
        return spans(self.places.get(place, {}).get(group, {}), period, spent)


def spending(
    prometheus: Prometheus, chosen: Chosen, promised: Mapping[Place, Promise], periods: Mapping[str, Period], at: float
) -> Spending:
    """Asked once for each length of period. That it cannot be had is a warning: the rest of the report stands."""
    places: dict[Place, dict[Labels, Hours]] = {}
    warnings: list[str] = []
    for name, period in periods.items():
        own = {place: promise for place, promise in promised.items() if promise.period == name}
        query = spending_query(chosen, {component for _, component, _ in own}, period.step)
        end = at + _PAST_THE_SEAM
        start = end - (period.steps - 1) * period.step.seconds
        try:
            answer = prometheus.range(query, start=start, end=end, step=period.step.seconds)
        except PrometheusError as error:
            warnings.append(f"what spent the budgets of {name} is not known: {error}")
            continue
        warnings += [f"query 'spending_{name}': {warning}" for warning in answer.warnings]
        for series in answer:
            if promise := own.get(place_of(series.labels)):
                hours = {
                    round(time - _PAST_THE_SEAM, 3): value
                    for time, written in series.points
                    if (value := amount(written)) and value > 0
                }
                groups = places.setdefault(promise.place, {})
                group = promise.group(series.labels)
                groups[group] = _larger(hours, groups.get(group, {}))
    return Spending(places, tuple(warnings))


def ranked(groups: Mapping[Labels, Hours]) -> tuple[Group, ...]:
    """The groups by their share of all that failed, most first, at most ten; none where nothing did."""
    failed = {group: math.fsum(hours.values()) for group, hours in groups.items() if group}
    total = math.fsum(failed.values())
    order = sorted(failed.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Group(dict(group), value / total) for group, value in order[:_GROUPS] if value)


def spans(hours: Hours, period: Period, spent: float | None) -> tuple[Span, ...]:
    """At most three, the costliest first: runs of steps of which each spent more than its even share of the budget.

    What was spent evenly over the period has no such run.
    """
    total = math.fsum(hours.values())
    if not spent or spent < 0 or not total:
        return ()
    shares = {end: spent * value / total for end, value in hours.items()}
    fast = sorted(end for end, share in shares.items() if share > 1 / period.steps)
    step = period.step.seconds
    found = [Span(run[0] - step, run[-1], math.fsum(shares[end] for end in run)) for run in _runs(fast, step)]
    told = [span for span in found if span.share >= _WORTH_TELLING * spent]
    return tuple(sorted(told, key=lambda span: (-span.share, span.start))[:_SPANS])


def _runs(ends: Sequence[float], step: float) -> list[Sequence[float]]:
    """Neighbouring steps together."""
    cuts = [n for n, (one, other) in enumerate(pairwise(ends), 1) if other - one > 1.5 * step]
    return [ends[start:stop] for start, stop in pairwise([0, *cuts, len(ends)]) if stop > start]


def _larger(one: Hours, other: Hours) -> Hours:
    """Of two replicas' series the fuller one: they saw the same events."""
    return one if math.fsum(one.values()) >= math.fsum(other.values()) else other
