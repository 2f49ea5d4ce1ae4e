"""What is monitored, complete: every default filled in, every template rendered, nothing left to inherit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from obsgen.diagnostics import Diagnostic, Location
from obsgen.model.feed_names import FeedNames
from obsgen.model.guard import Cover, Guard
from obsgen.model.installation import Installation
from obsgen.model.left_out import NOTHING, LeftOut
from obsgen.model.part import WHOLE, Part
from obsgen.model.routing import RoutingPlan
from obsgen.model.setting import Setting
from obsgen.model.source import LeftJob, ScrapeJob, Source
from obsgen.spec.feeds import FeedSpec
from obsgen.spec.layers import Layer, Severity, Tier
from obsgen.spec.library import Runbook
from obsgen.spec.metrics import MetricSpec
from obsgen.spec.root import Root
from obsgen.spec.source import Places
from obsgen.spec.stack import CapacitySpec, EnvironmentSpec
from obsgen.spec.written import AlertSeverity
from obsgen.units import Duration

if TYPE_CHECKING:
    from obsgen.model.objectives import Objective

# What alerts are told apart and routed by; obsgen sets these labels, from fields of their own.
RESERVED_LABELS = ("alertname", "severity", "layer", "component", "team", "action", "objective")


# The comparison that stays silent where this one fires, which is how panels colour their thresholds.
@dataclass(frozen=True, slots=True)
class Signal:
    """A measured quantity with its PromQL for rules and for panels."""

    name: str
    title: str
    about: str
    unit: str
    expr: str
    panel_expr: str
    legend: str
    integer: bool
    minimum: float | None
    maximum: float | None
    healthy: float | None
    feed: tuple[FeedSpec, ...]
    reads_back: Duration | None
    """How long what it reads goes on to count, where that is less than its ranges reach."""
    origin: Location
    feed_origin: Location | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A signal compared with a number."""

    signal: str
    comparison: str
    threshold: float


@dataclass(frozen=True, slots=True)
class Explains:
    """What an alert makes needless: of packs, layers or its own component, or all absences, with equal labels."""

    packs: tuple[str, ...]
    layers: tuple[Layer, ...]
    alerts: tuple[str, ...]
    absences: bool
    equal: tuple[str, ...]
    pages: bool
    origin: Location


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert at one severity. Exactly one of `conditions`, `absent` and `expr` says when it fires."""

    name: str
    severity: AlertSeverity
    pending: Duration
    keep_firing_for: Duration
    summary: str
    description: str
    origin: Location
    conditions: tuple[Condition, ...] = ()
    absent: str | None = None
    expr: str | None = None
    join: tuple[str, ...] | None = None
    guards: tuple[Guard, ...] = ()
    despite: frozenset[str] = frozenset()
    """Guards that cover what it reads and that it does without, for a reason that the pack gives."""
    tier: Tier | None = None
    """Where it is not the one that the severity usually goes to."""
    graded: AlertSeverity | None = None
    """The severity whose thresholds hold, where that is another: an escalation compares with the same numbers."""
    action: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    explains: tuple[Explains, ...] = ()
    part: Part = WHOLE
    settings: tuple[Setting, ...] = ()
    places: Mapping[str, Location] = field(default_factory=dict)

    def place(self, field: str) -> Location:
        """Where the field's last word stands, or else the alert."""
        return self.places.get(field, self.origin)


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording rule, rendered."""

    record: str
    expr: str
    origin: Location


@dataclass(frozen=True, slots=True)
class Moment:
    """An expectation of a written test: when, and the value the alert then shows."""

    at: Duration
    value: float | None
    labels: Mapping[str, str]
    origin: Location


@dataclass(frozen=True, slots=True)
class Case:
    """A written test, rendered for one severity."""

    alert: str
    severity: AlertSeverity
    title: str
    interval: Duration
    series: Mapping[str, str]
    fires: tuple[Moment, ...]
    silent: tuple[Moment, ...]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A label that the component's dashboard can be narrowed by."""

    label: str
    metric: str


@dataclass(frozen=True, slots=True)
class Component:
    """One monitored thing: a pack, with everything the spec says about this use of it."""

    name: str
    layer: Layer
    pack: str
    title: str
    about: str
    team: str
    namespace: str
    application: str | None
    selectors: Mapping[str, str]
    labels: Mapping[str, str]
    metrics: Mapping[str, MetricSpec]
    scrape: tuple[ScrapeJob, ...]
    left_jobs: tuple[LeftJob, ...]
    sources: Mapping[str, Source]
    """What its templates name, whether or not anything reads it in the end."""
    covers: tuple[Cover, ...]
    """What its alerts must say of guards, whether or not they wait for them."""
    recordings: tuple[Recording, ...]
    signals: Mapping[str, Signal]
    alerts: tuple[Alert, ...]
    objectives: tuple[Objective, ...]
    cases: tuple[Case, ...]
    disabled: tuple[Setting, ...]
    left_out: LeftOut
    rows: Mapping[str, tuple[str, ...]]
    variables: tuple[Variable, ...]
    runbook: Runbook
    feed_names: FeedNames
    origin: Location
    places: Places

    @property
    def jobs(self) -> tuple[ScrapeJob, ...]:
        """Its own scrape jobs, and those of the sources that it may read."""
        return (*self.scrape, *(job for source in self.sources.values() for job in source.jobs))

    @property
    def empty(self) -> bool:
        """Whether all that it would show or tell is left out."""
        return self.left_out != NOTHING and not (self.alerts or self.objectives or self.signals)

    def alert(self, name: str, severity: Severity, part: str = "") -> Alert | None:
        """The alert at this severity for this part of the series, if it is enabled."""
        wanted = name, severity, part
        return next((one for one in self.alerts if (one.name, one.severity, one.part.name) == wanted), None)


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything that one spec stands for."""

    name: str
    team: str
    environment: EnvironmentSpec
    capacity: CapacitySpec
    routing: RoutingPlan
    components: tuple[Component, ...]
    files: tuple[str, ...]
    root: Root
    """Below which everything lies that the spec names."""
    places: Places
    rate_window: Duration
    notes: tuple[Diagnostic, ...] = ()
    installation: Installation | None = None

    @property
    def clusterless(self) -> bool:
        """Whether series lack the label `cluster`, so that alerts get it from their rules."""
        return self.environment.cluster_on == "alerts"

    @property
    def scraped_cluster(self) -> str:
        """What scrape jobs write as `cluster` on every series; empty where they leave that to others."""
        return "" if self.clusterless else self.environment.cluster
