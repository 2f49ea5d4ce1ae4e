"""Burn-rate alerts fire and end within one evaluation of the closed formula, for each kind of measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from typing import Any

import pytest

from obsgen.programs.checkers import Tool
from obsgen.units import Version
from tests.objectives.burning import BUDGET, SCENARIOS, Edges, firing
from tests.objectives.fed import Stretch, series
from tests.objectives.promised import KINDS, burn_rules, rule_group

# The evaluations before and after the formula's that are allowed for.
TOLERANCE = 1


class Timeline:
    """A clean past, then every scenario at once, each in a group of its own, until the last alert is due."""

    def __init__(self, severity: str, edges: Edges) -> None:
        self.severity = severity
        self.spare = TOLERANCE * edges.every
        self.every = edges.every
        # Before this the longest window is not full.
        self.onset = {"critical": 370, "warning": 4330}[severity]
        self.due = {name: firing(severity, *scenario, edges) for name, scenario in SCENARIOS.items()}
        times = [time for found in self.due.values() if found for time in found if time < inf]
        self.end = self.onset + max(int(time) for time in times) + 2 * self.spare

    def series(self, kind: str) -> list[dict[str, str]]:
        """Every scenario's series."""
        return [one for name in SCENARIOS for one in series(kind, name, self._course(name))]

    def _course(self, name: str) -> list[Stretch]:
        burn, lasting = SCENARIOS[name]
        if burn < 1:
            # What never fires has filled every window by the time the others begin.
            return [Stretch(self.end, burn * BUDGET)]
        minutes = int(min(lasting, self.end - self.onset))
        course = [Stretch(self.onset), Stretch(minutes, burn * BUDGET)]
        rest = self.end - self.onset - minutes
        return [*course, Stretch(rest)] if rest else course

    def asked(self) -> Iterator[dict[str, Any]]:
        """Silent just before an alert is due and firing just after; firing just before it ends and silent after."""
        for name, due in self.due.items():
            if due is None:
                yield from (self._question(name, at, firing=False) for at in (self.onset, self.onset + 60, self.end))
                continue
            begin, end = due
            yield self._question(name, self.onset + max(0, begin - self.spare - self.every), firing=False)
            yield self._question(name, self.onset + begin + self.spare, firing=True)
            if end == inf:
                yield self._question(name, self.end, firing=True)
            else:
                yield self._question(name, self.onset + int(end) - self.spare - self.every, firing=True)
                yield self._question(name, self.onset + int(end) + self.spare, firing=False)

    def _question(self, name: str, minute: int, *, firing: bool) -> dict[str, Any]:
        which = f'alertname="ErrorBudgetBurn",alertstate="firing",severity="{self.severity}",scenario="{name}"'
        return {
            "expr": f"count(ALERTS{{{which}}}) or vector(0)",
            "eval_time": f"{minute}m",
            "exp_samples": [{"labels": "{}", "value": int(firing)}],
        }


@pytest.fixture
def contradiction(promtool: Tool, tmp_path: Path, refuted: Callable[..., str]) -> Callable[..., str]:
    """What promtool finds at other times than the formula, for a kind of measure and a severity."""

    def found(kind: str, severity: str, every: int = 1) -> str:
        if kind == "native" and promtool.version < Version(3, 0):
            pytest.skip("native histograms in promtool's tests need Prometheus 3")
        prometheus = {"version": "3.5" if kind == "native" else "2.42", "evaluation_interval": f"{every}m"}
        group = burn_rules(rule_group(tmp_path, {**KINDS[kind], "by": ["scenario"]}, prometheus), severity)
        edges = Edges(both=promtool.version < Version(3, 0), gauge=kind == "gauge", every=every)
        timeline = Timeline(severity, edges)
        return refuted(group, timeline.series(kind), list(timeline.asked()), every=f"{every}m")

    return found


@pytest.mark.parametrize("kind", KINDS)
def test_pages_fire_and_end_when_the_formula_says(kind, contradiction):
    assert contradiction(kind, "critical") == ""


# Pages go through the expression of every kind; what is a ticket's own, its windows, is seen on events and on time.
@pytest.mark.parametrize(
    "kind",
    ["errors", "gauge", *(pytest.param(one, marks=pytest.mark.e2e) for one in KINDS if one not in ("errors", "gauge"))],
)
def test_tickets_evaluated_every_five_minutes_fire_and_end_when_the_formula_says(kind, contradiction):
    assert contradiction(kind, "warning", every=5) == ""


@pytest.mark.e2e
@pytest.mark.parametrize("kind", KINDS)
def test_tickets_evaluated_every_minute_fire_and_end_when_the_formula_says(kind, contradiction):
    assert contradiction(kind, "warning") == ""
