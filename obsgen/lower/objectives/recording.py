"""What is recorded of an objective: events apart, ratios of their sums, and what is left of the budget.

Errors and totals are recorded apart, summed over each window apart and divided last: a mean of ratios would let a quiet
night weigh as much as a busy day. A window without events reads 0, for nothing failed in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from obsgen.ir.rules import RecordingRule
from obsgen.lower import names
from obsgen.lower.clusterless import cluster_label, told_apart_by
from obsgen.lower.objectives.measuring import errors, failing, total
from obsgen.model.objectives import ClassicLatency, ErrorEvents, GoodEvents, GoodTime, NativeLatency, Objective
from obsgen.model.stack import Component, Stack
from obsgen.units import Duration, number_text

HOUR = Duration(3_600_000)
# Longer windows are summed up from what is recorded; up to this they are read as scraped, so that a page is not late.
LONGEST_RAW = HOUR
# Divided by at least this, what has no events has the ratio 0; no event is as rare as one in thirty years.
_FEWEST = "1e-9"
_DAY_SECONDS = 86_400
_KINDS = {
    ErrorEvents: "errors",
    GoodEvents: "good",
    ClassicLatency: "latency",
    NativeLatency: "latency",
    GoodTime: "gauge",
}


def windows_of(objective: Objective) -> tuple[Duration, ...]:
    """Every window over which the share of errors is recorded, the shortest first."""
    burning = [window for alert in objective.alerts for window in alert.windows]
    return tuple(sorted({objective.base, HOUR, *(w.long for w in burning), *(w.short for w in burning)}))


class Recorder:
    """The recording rules of one objective."""

    def __init__(self, objective: Objective, component: Component, stack: Stack) -> None:
        self.objective = objective
        self.component = component
        # Two clusters behind one server never share a budget.
        self.by = told_apart_by(objective.by, stack)
        self.ids = names.objective_selector(component.name, objective.name)
        # All that is recorded carries the cluster or nothing does, for recorded series are joined with each other.
        self.labels = {"component": component.name, "objective": objective.name} | cluster_label(stack)
        self.promised = self.labels | cluster_label(stack, missing=True)
        self.errors = names.errors_rate(objective.base)
        self.total = names.total_rate(objective.base)

    def rules(self) -> Iterator[RecordingRule]:
        """All of them, each behind what it reads."""
        objective = self.objective
        yield self._rule(self.errors, errors(objective.sli, self.by, objective.base))
        yield self._rule(self.total, total(objective.sli, self.by, objective.base))
        for window in windows_of(objective):
            yield self._rule(names.error_ratio(str(window)), self._ratio(window))
        yield from self._period()
        yield self._rule(names.BURN_RATE, f"{self._read(names.error_ratio('1h'))} / {number_text(objective.budget)}")
        promised = {
            **self.promised,
            "team": self.component.team,
            "layer": self.component.layer,
            "period": objective.period_name,
            "sli": _KINDS.get(type(objective.sli), "ratio"),
        }
        yield RecordingRule(names.TARGET, f"vector({number_text(objective.target)})", promised, objective.origin)
        days = number_text(objective.period.seconds / _DAY_SECONDS)
        yield RecordingRule(names.PERIOD_DAYS, f"vector({days})", self.promised, objective.origin)

    def _rule(self, record: str, expr: str) -> RecordingRule:
        return RecordingRule(record, expr, self.labels, self.objective.origin)

    def _read(self, record: str, window: str = "") -> str:
        return f"{record}{{{self.ids}}}{f'[{window}]' if window else ''}"

    def _ratio(self, window: Duration) -> str:
        objective = self.objective
        if window == objective.base:
            return f"{self._read(self.errors)}\n/ clamp_min({self._read(self.total)}, {_FEWEST})"
        if window > LONGEST_RAW and not objective.exact:
            sums = [f"sum_over_time({self._read(one, str(window))})" for one in (self.errors, self.total)]
            return f"{sums[0]}\n/ clamp_min({sums[1]}, {_FEWEST})"
        sides = failing(objective.sli, self.by, window), total(objective.sli, self.by, window)
        # What is recorded of five minutes says 0 where nothing has ever failed, and nothing where nothing is known.
        met = ", ".join(self.by)
        return f"({sides[0]})\n/ clamp_min({sides[1]}, {_FEWEST})\nor on ({met}) 0 * {self._read(self.errors)}"

    def _period(self) -> Iterator[RecordingRule]:
        period = self.objective.period_name
        failed, happened = names.events_over("errors", period), names.events_over("total", period)
        if self.objective.calendar:
            # The month's number as a label keeps last month's events out of this month's sum. A rate that looks back
            # over midnight still is last month's.
            since = f"vector(time() - {number_text(self.objective.base.seconds)})"
            for source in (self.errors, self.total):
                month = f'{self._read(source)}\n* on () group_left (month) count_values("month", month({since}))'
                yield self._rule(names.of_month(source), month)
        yield self._rule(failed, self._events("errors", self.errors))
        yield self._rule(happened, self._events("total", self.total))
        ratio = f"{self._read(failed)}\n/ clamp_min({self._read(happened)}, {_FEWEST})"
        yield self._rule(names.error_ratio(period), ratio)
        spent = f"{self._read(names.error_ratio(period))} / {number_text(self.objective.budget)}"
        yield self._rule(names.BUDGET_REMAINING, f"1 - {spent}")

    def _events(self, which: Literal["errors", "total"], recorded: str) -> str:
        """How many events there were in the period: rates times the seconds between evaluations."""
        objective, seconds = self.objective, number_text(self.objective.interval.seconds)
        if objective.calendar:
            kept = ", ".join(("cluster", *objective.by, "component", "objective"))
            month = f"sum_over_time({self._read(names.of_month(recorded), '31d')})"
            this = 'count_values("month", month())'
            # Until the month's first rate is complete, nothing has happened in it.
            nothing = f"0 * {self._read(recorded)}"
            return f"sum by ({kept}) (\n  {month}\n  and on (month) {this}\n) * {seconds}\nor {nothing}"
        if objective.exact:
            side = errors if which == "errors" else total
            return f"({side(objective.sli, self.by, objective.period)}) * {number_text(objective.period.seconds)}"
        return f"sum_over_time({self._read(recorded, str(objective.period))}) * {seconds}"
