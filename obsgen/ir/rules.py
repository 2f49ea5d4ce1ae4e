"""Recording and alerting rules, in groups, in sets that become one object or file each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from obsgen.diagnostics import Location
from obsgen.spec.layers import Layer, Severity
from obsgen.units import NO_TIME, Duration

# Component, name, severity, objective and part tell every alert of a stack apart.
AlertKey = tuple[str, str, Severity, str, str]


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """A series computed at each evaluation and stored as `record`."""

    record: str
    expr: str
    labels: Mapping[str, str] = field(default_factory=dict)
    origin: Location | None = None


@dataclass(frozen=True, slots=True)
class AlertingRule:
    """An alert of one severity. `pending` is the keyword `for`, which Python keeps for itself."""

    alert: str
    expr: str
    pending: Duration
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    keep_firing_for: Duration = NO_TIME
    origin: Location | None = None
    places: Mapping[str, Location] = field(default_factory=dict)
    part: str = ""
    """The override that it is made by, where the spec divides the alert."""

    @property
    def key(self) -> AlertKey:
        """What tells it apart from every other alert of the stack."""
        return self.labels["component"], self.alert, self.severity, self.objective, self.part

    def place(self, field: str) -> Location | None:
        """Where the field that this came from stands, or else the alert."""
        return self.places.get(field, self.origin)

    @property
    def severity(self) -> Severity:
        """The severity label."""
        return cast("Severity", self.labels["severity"])

    @property
    def objective(self) -> str:
        """The objective that the alert is about, empty for other alerts."""
        return self.labels.get("objective", "")


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Rules evaluated together, one after the other. `objective` names the one that all of them are about, if any."""

    name: str
    rules: tuple[RecordingRule | AlertingRule, ...]
    interval: Duration | None = None
    objective: str = ""

    @property
    def alerts(self) -> tuple[AlertingRule, ...]:
        """The alerting rules of the group, in order."""
        return tuple(rule for rule in self.rules if isinstance(rule, AlertingRule))

    @property
    def recordings(self) -> tuple[RecordingRule, ...]:
        """The recording rules of the group, in order."""
        return tuple(rule for rule in self.rules if isinstance(rule, RecordingRule))


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The groups of one monitored component: one PrometheusRule, one rules file."""

    name: str
    layer: Layer
    component: str
    team: str
    groups: tuple[RuleGroup, ...]

    @property
    def alerts(self) -> tuple[AlertingRule, ...]:
        """Every alerting rule of the set, in order."""
        return tuple(rule for group in self.groups for rule in group.alerts)

    @property
    def recordings(self) -> tuple[RecordingRule, ...]:
        """Every recording rule of the set but those of objectives, whose names are the same for all."""
        return tuple(rule for group in self.groups for rule in group.recordings if not group.objective)
