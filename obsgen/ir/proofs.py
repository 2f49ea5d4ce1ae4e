"""Unit tests of rules: input series, and what must then be true at which moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from obsgen.diagnostics import Location
from obsgen.ir.rules import AlertKey
from obsgen.spec.layers import Severity
from obsgen.units import Duration

Kind = Literal[
    "just above",
    "one short",
    "pending and resolved",
    "no data",
    "vanished",
    "guarded",
    "written",
    "step",
    "spiky",
    "apart",
]


@dataclass(frozen=True, slots=True)
class InputSeries:
    """A series by its labels, and its samples in promtool's notation, one for each interval."""

    series: str
    values: str


@dataclass(frozen=True, slots=True)
class StateAssertion:
    """Exactly these label sets of the alert are in this state at this moment."""

    at: Duration
    state: Literal["firing", "pending"]
    labels: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class RenderedAlert:
    """A firing alert as Alertmanager receives it."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RenderedAssertion:
    """Exactly these alerts of the name fire at this moment, with these labels and annotations."""

    at: Duration
    alerts: tuple[RenderedAlert, ...]


@dataclass(frozen=True, slots=True)
class ReadingAssertion:
    """The expression has exactly these values, by label set, at this moment."""

    at: Duration
    expr: str
    samples: tuple[tuple[Mapping[str, str], float], ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """One test of one alert at one severity. `interval` spaces evaluations, and samples where `spacing` does not."""

    component: str
    alert: str
    severity: Severity
    kind: Kind
    title: str
    interval: Duration
    series: tuple[InputSeries, ...]
    states: tuple[StateAssertion, ...]
    rendered: tuple[RenderedAssertion, ...] = ()
    origin: Location | None = None
    objective: str = ""
    readings: tuple[ReadingAssertion, ...] = ()
    spacing: Duration | None = None
    part: str = ""

    @property
    def key(self) -> AlertKey:
        """The alert that this proves."""
        return self.component, self.alert, self.severity, self.objective, self.part

    @property
    def fires(self) -> bool:
        """Whether the test sees the alert fire."""
        return any(one.state == "firing" and one.labels for one in self.states)

    @property
    def stays_silent(self) -> bool:
        """Whether the test sees the alert silent although its series are there."""
        return bool(self.series) and any(one.state == "firing" and not one.labels for one in self.states)
