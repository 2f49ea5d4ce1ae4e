"""Rules that were taken over beside those that they are meant to be, through courses of failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from tests.exchange.meant import Meant
from tests.objectives.burning import BUDGET, SCENARIOS, Edges, firing
from tests.objectives.fed import Stretch
from tests.objectives.promised import burn_rules

# A recorded rate looks back over five minutes. A window summed up from such rates fills half as much later than the
# events come in, and drains up to as much later. Beside that, each side may be off by one evaluation.
SMEAR = 5


@dataclass(frozen=True, slots=True)
class Run:
    """A course of events, evaluated every so many minutes until every alert that is due has fired and ended."""

    severity: str
    scenario: str
    past: tuple[Stretch, ...]
    every: int

    @property
    def due(self) -> tuple[int, float] | None:
        """When the closed formula has an alert fire and end, if nothing waits."""
        return firing(self.severity, *SCENARIOS[self.scenario], Edges(both=True, gauge=False, every=self.every))

    @property
    def end(self) -> int:
        """The last minute."""
        begin, end = self.due or (0, inf)
        return self.onset + int(begin if end == inf else end) + 60

    @property
    def onset(self) -> int:
        """The minute at which the failures begin."""
        return sum(stretch.minutes for stretch in self.past)

    def course(self) -> list[Stretch]:
        """Healthy, then failing, then healthy; what never fires fails from the start."""
        burn, lasting = SCENARIOS[self.scenario]
        if burn < 1:
            return [Stretch(self.end, burn * BUDGET)]
        minutes = int(min(lasting, self.end - self.onset))
        rest = self.end - self.onset - minutes
        course = [*self.past, Stretch(minutes, burn * BUDGET)]
        return [*course, Stretch(rest)] if rest else course

    def when(self, operation: str, alert: str, objective: str) -> str:
        """The first or last second at which the alert fires; 0 for never."""
        which = f'alertname="{alert}",objective="{objective}",severity="{self.severity}",alertstate="firing"'
        seen = f"{operation}_over_time(timestamp(ALERTS{{{which}}})[{self.end}m:{self.every}m])"
        return f"({operation}({seen}) or vector(0))"

    def question(self, expr: str, value: int = 1) -> dict[str, Any]:
        """The expression has this value at the end."""
        return {"expr": expr, "eval_time": f"{self.end}m", "exp_samples": [{"labels": "{}", "value": value}]}

    def alike(self, objective: str, smear: float) -> Iterator[dict[str, Any]]:
        """Ours fires and ends with the reference: an evaluation earlier at most, and the smear later."""
        for operation, late in (("min", smear / 2), ("max", smear)):
            ours, meant = (self.when(operation, alert, objective) for alert in ("ErrorBudgetBurn", "Meant"))
            slack = (2 if smear else 1) * self.every
            lag = f"({ours} - {meant})"
            yield self.question(f"({lag} >= bool {-60 * self.every}) * ({lag} <= bool {60 * (late + slack):g})")


def side_by_side(
    ours: Mapping[str, dict[str, Any]], meant: Mapping[str, Meant], runs: list[Run], smear: float = SMEAR
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Both sets of rules in one file, and a test for each run, which feeds all objectives at once."""
    severity = runs[0].severity
    groups = [burn_rules(group, severity) for group in ours.values()]
    groups.append({"name": "meant", "rules": [one.alert(name, severity) for name, one in meant.items()]})
    tests = []
    for run in runs:
        asked = [question for name in meant for question in run.alike(name, smear)]
        for name, one in meant.items():
            if not one.pending:
                asked.append(run.question(f"{run.when('min', 'Meant', name)} > bool 0", int(run.due is not None)))
        tests.append({"interval": "1m", "input_series": list(fed(ours, meant, run)), "promql_expr_test": asked})
    return groups, tests


def fed(ours: Mapping[str, dict[str, Any]], meant: Mapping[str, Meant], run: Run) -> Iterator[dict[str, str]]:
    for name, one in meant.items():
        component = next(r["labels"]["component"] for r in ours[name]["rules"] if "alert" in r)
        yield from one.fed(component, run.course())
