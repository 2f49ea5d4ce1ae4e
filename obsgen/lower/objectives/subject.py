"""An objective under test: its groups of series, the labels that its alerts carry, and what every test of it shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from obsgen.ir.proofs import InputSeries, Kind, Proof, RenderedAlert
from obsgen.ir.rules import AlertingRule, RuleGroup
from obsgen.lower.objectives.course import MINUTE, Phase, whole_minutes
from obsgen.lower.objectives.feeding import fed, told_apart
from obsgen.lower.proofs.outcome import rendered_alert
from obsgen.model.objectives import Objective, ObjectiveAlert
from obsgen.model.stack import Component
from obsgen.promql.series import series_labels

# An alert is looked for one evaluation before the formula's, and after it: where time is counted, Prometheus before
# version 3 counts both edges of a window, which is one more.
BEFORE, AFTER = 2, 2
_BESIDE = "beside"

Place = dict[str, str]


@dataclass(frozen=True)
class Subject:
    """One objective of one component, and its rules."""

    objective: Objective
    component: Component
    group: RuleGroup

    @cached_property
    def rules(self) -> dict[tuple[str, str], AlertingRule]:
        """The alerts by name and severity."""
        return {(rule.alert, rule.severity): rule for rule in self.group.alerts}

    @cached_property
    def place(self) -> Place:
        """The labels of the group under test that tell it from others."""
        example = series_labels(fed(self.objective.sli, (Phase(1, 1.0),))[0].series)
        return {name: example[name] for name in ("cluster", *self.objective.by)}

    @property
    def ids(self) -> dict[str, str]:
        """What everything that is recorded of the objective carries."""
        return {"component": self.component.name, "objective": self.objective.name}

    @cached_property
    def others(self) -> list[Place]:
        """For each label that tells groups apart a place that differs in it alone."""
        return [{**self.place, name: f"{value}-{_BESIDE}"} for name, value in self.place.items()]

    def named(self, name: str) -> Place:
        """The place of a group with a course of its own, in a cluster that is called after it."""
        return {**self.place, "cluster": f"{self.place['cluster']}-{name}"}

    def at(self, place: Place, phases: tuple[Phase, ...]) -> list[InputSeries]:
        """The series of the group in that place."""
        return told_apart(fed(self.objective.sli, phases), place) if phases else []

    def alone(self, phases: tuple[Phase, ...]) -> list[InputSeries]:
        """The group under test, and healthy ones beside it."""
        return self.beside(phases, tuple(well(one) for one in phases))

    def beside(self, phases: tuple[Phase, ...], others: tuple[Phase, ...]) -> list[InputSeries]:
        """The group under test, and for each label that tells groups apart one that goes another course."""
        own, other = (fed(self.objective.sli, one) for one in (phases, others))
        beside = [told_apart(other, place) for place in self.others]
        return [*own, *(one for series in beside for one in series)]

    def labels(self, rule: AlertingRule, place: Place | None = None) -> dict[str, str]:
        """The labels that the alert fires with, for the group under test unless another place is named."""
        place = place or self.place
        labels = {**place, **self.ids, **rule.labels}
        # A group in a cluster of its own keeps it where the rule sets the one that series lack.
        return labels | ({"cluster": place["cluster"]} if labels["cluster"] == self.place["cluster"] else {})

    def told(self, name: str, steady: Sequence[tuple[float, Place]]) -> Iterator[RenderedAlert]:
        """Every severity that steady shares set off in their places: promtool compares all alerts of one name."""
        for alert in self.objective.alerts:
            for share, place in steady:
                if alert.name == name and share > self._least(alert):
                    rule = self.rules[alert.name, alert.severity]
                    value = 1 - share / self.objective.budget if alert.spent else share
                    yield rendered_alert(rule, self.labels(rule, place), value)

    def _least(self, alert: ObjectiveAlert) -> float:
        """The steady share of errors past which the alert fires, sooner or later."""
        return min([window.threshold for window in alert.windows], default=self.objective.budget * alert.spent)

    def patience(self, name: str) -> int:
        """The minutes after which every severity of the name fires, once its expression holds."""
        return max(whole_minutes(alert.pending) for alert in self.objective.alerts if alert.name == name)

    def proof(self, rule: AlertingRule, kind: Kind, title: str, series: Sequence[InputSeries]) -> Proof:
        """A test that asserts nothing yet."""
        return Proof(
            component=self.component.name,
            alert=rule.alert,
            severity=rule.severity,
            kind=kind,
            title=title,
            interval=MINUTE,
            series=tuple(series),
            states=(),
            origin=self.objective.origin,
            objective=self.objective.name,
        )


def well(phase: Phase) -> Phase:
    """As many events, of which none fails."""
    return Phase(phase.minutes, phase.events)
