"""How do the objectives stand? Asks a running Prometheus for what their rules have recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from obsgen.live.objective_findings import level, objective_findings
from obsgen.live.objective_moment import evaluation_moment, nothing_recorded
from obsgen.live.objective_periods import Period
from obsgen.live.objective_queries import Chosen, standing_queries
from obsgen.live.objective_readings import Labels, Place, Promise, Recorded, promises, recorded, strays
from obsgen.live.objective_spending import Spending, ranked, spending
from obsgen.live.objective_types import PACES, WINDOWS, Budget, ObjectivesReport, ObjectiveStanding
from obsgen.live.probe import NothingToReport
from obsgen.live.types import cluster_title
from obsgen.lower import names
from obsgen.query.prometheus import Prometheus
from obsgen.units import Duration

EVERY_OBJECTIVE: Final = Chosen()
_RATIO: Final = names.error_ratio("")


def objectives(
    prometheus: Prometheus, *, chosen: Chosen = EVERY_OBJECTIVE, at: float | None = None
) -> ObjectivesReport:
    """The report at the newest sample's time, or at `at` in seconds since 1970.

    Raises NothingToReport and what `obsgen.query.errors` lists.
    """
    moment, warnings = evaluation_moment(prometheus, chosen, at)
    # One moment for all, as with capacity: figures of different moments do not add up.
    answers = prometheus.instants(standing_queries(chosen), at=moment)
    promised, misread = _readable(promises(answers["promised"]), moment)
    if not promised and not misread:
        raise NothingToReport(nothing_recorded(prometheus, chosen, moment))
    periods = {name: Period.read(name, moment) for name in sorted({one.period for one in promised.values()})}
    spent = spending(prometheus, chosen, promised, periods, moment)
    known = recorded(answers["recorded"], promised)
    standings = tuple(
        standing
        for promise in promised.values()
        for standing in _standings(promise, periods[promise.period], known, spent)
    )
    lost = strays(answers["recorded"], answers["promised"])
    said = (f"query '{name}': {warning}" for name, vector in answers.items() for warning in vector.warnings)
    return ObjectivesReport(
        evaluated_at=moment,
        objectives=standings,
        findings=objective_findings(standings),
        warnings=tuple(dict.fromkeys((*warnings, *said, *misread, *lost, *spent.warnings))),
    )


def _readable(promised: Mapping[Place, Promise], at: float) -> tuple[dict[Place, Promise], list[str]]:
    """The objectives whose period can be read, and a warning about each other one."""
    found, warnings = {}, []
    for place, promise in promised.items():
        try:
            Period.read(promise.period, at)
        except ValueError as error:
            warnings.append(f"{place[1]}/{place[2]} in {cluster_title(place[0])} is left out: its period: {error}")
            continue
        found[place] = promise
    return found, warnings


def _standings(promise: Promise, period: Period, known: Recorded, spent: Spending) -> Iterator[ObjectiveStanding]:
    """One for each group; they share the ranking."""
    ranking = ranked(spent.places.get(promise.place, {}))
    for group, readings in known.of(promise).items():
        standing = _standing(promise, period, group, readings)
        spans = spent.spans(promise.place, group, period, standing.budget.spent)
        yield replace(standing, spent_by=spans, groups=ranking)


def _standing(promise: Promise, period: Period, group: Labels, readings: Mapping[str, float]) -> ObjectiveStanding:
    cluster, component, objective = promise.place
    ratio = readings.get(names.error_ratio(promise.period))
    budget = _budget(promise, ratio, readings)
    burn = _burn(promise, readings)
    exhausted_in = {pace: period.exhausted_in(budget.remaining, burn[window]) for pace, window in PACES.items()}
    return ObjectiveStanding(
        cluster=cluster,
        component=component,
        objective=objective,
        team=promise.team,
        layer=promise.layer,
        labels=dict(group),
        target=promise.target,
        period=promise.period,
        error_ratio=ratio,
        budget=budget,
        burn=burn,
        exhausted_in=exhausted_in,
        level=level(budget, exhausted_in),
    )


def _budget(promise: Promise, ratio: float | None, readings: Mapping[str, float]) -> Budget:
    """In shares as recorded; in events, the same shares of the failures that so many events allow."""
    remaining = readings.get(names.BUDGET_REMAINING)
    events = readings.get(names.events_over("total", promise.period))
    return Budget(
        remaining=remaining,
        spent=None if remaining is None else 1 - remaining,
        events_left=None if events is None or remaining is None else remaining * promise.budget * events,
        events_spent=None if events is None or ratio is None else ratio * events,
    )


def _burn(promise: Promise, readings: Mapping[str, float]) -> dict[str, float | None]:
    """By window, the shortest first: the usual ones, and whatever else is recorded but the period itself."""
    found = {metric.removeprefix(_RATIO) for metric in readings if metric.startswith(_RATIO)}
    windows = _in_order({*WINDOWS, *filter(_is_window, found)} - {promise.period})
    ratios = {window: readings.get(names.error_ratio(window)) for window in windows}
    return {window: None if ratio is None else ratio / promise.budget for window, ratio in ratios.items()}


def _is_window(name: str) -> bool:
    try:
        return Duration.parse(name).milliseconds > 0
    except ValueError:
        return False


def _in_order(windows: Iterable[str]) -> list[str]:
    return sorted(windows, key=Duration.parse)
