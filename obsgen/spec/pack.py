"""The form of a pack: what can go wrong with one monitored thing, and how each alert is proved."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from obsgen.spec.guards import GuardSpec
from obsgen.spec.layers import Layer
from obsgen.spec.metrics import Metric, MetricType
from obsgen.spec.names import Name
from obsgen.spec.objectives import ObjectiveSpec
from obsgen.spec.seen import SeenSpec
from obsgen.spec.signals import SignalSpec
from obsgen.spec.sources import ScrapeSpec, SourceSpec
from obsgen.spec.written import (
    AlertName,
    AlertSeverity,
    EmptyAllowed,
    Identifier,
    Interval,
    LabelName,
    Pending,
    Template,
    Written,
)
from obsgen.units import Amount, Duration, Kind


class ExporterSpec(Written):
    """Who exposes the metrics, in which versions, and where that is documented."""

    exporter: str
    versions: str
    docs: str
    seen: list[SeenSpec] = Field(
        default_factory=list, description="where the metrics' names were seen; given once, it must speak for all"
    )


class ParameterSpec(Written):
    """A value that the spec gives to the pack; without a default it is optional and `needs` asks for it.

    A switch is for a part that not everybody has: while it is off, what needs it is left out.
    """

    type: Literal["selector", "text", "number", "switch"] = "text"
    default: bool | str | float | None = None
    about: str


class ThresholdSpec(Written):
    """A number the spec can change: one default, or one for each severity."""

    default: Amount | None = None
    critical: Amount | None = None
    warning: Amount | None = None
    info: Amount | None = None
    kind: Kind | None = None
    watermark: Literal["cpu", "memory"] | None = Field(None, description="follow capacity.watermarks of the spec")
    about: str
    source: str | None = None

    @property
    def text(self) -> str:
        """The numbers as written, each with its severity where they differ."""
        if self.default:
            return self.default.text
        graded = {"critical": self.critical, "warning": self.warning, "info": self.info}
        return ", ".join(f"{severity} {amount.text}" for severity, amount in graded.items() if amount)


_Reason = Annotated[str, StringConstraints(pattern=r"\S \S")]


class SeveritySpec(Written):
    """What one severity of an alert says differently."""

    enabled: bool | None = None
    pending: Pending | None = Field(None, alias="for")
    keep_firing_for: Pending | None = None
    unless: list[Identifier] | None = Field(None, description="the guards of this severity, in place of the alert's")


class ExplainsSpec(Written):
    """What else goes wrong when this alert fires, and need not be told meanwhile."""

    packs: list[Name] = Field(default_factory=list, description="alerts of the components of these packs")
    layers: list[Layer] = Field(default_factory=list, description="alerts of these layers")
    alerts: list[AlertName] = Field(default_factory=list, description="these alerts of the same component")
    absences: bool = Field(default=False, description="every alert that tells by `absent` that series are missing")
    equal: list[LabelName] = Field(min_length=1, description="labels in which both must agree, and have a value")
    pages: bool = Field(default=False, description="critical alerts too")

    @model_validator(mode="after")
    def _something(self) -> ExplainsSpec:
        if sum(map(bool, (self.packs, self.layers, self.alerts, self.absences))) != 1:
            msg = "say what is explained: packs, layers, alerts, or absences"
            raise ValueError(msg)
        return self


class EscalationSpec(Written):
    """A second rule for what nobody has mended: the same condition, held for longer, in a higher tier."""

    to: Literal["P1", "P2", "P3"]
    after: Pending = Field(description="how long it must hold; longer than `for`")


class AlertSpec(Written):
    """An alert as a pack declares it, or the part of one that a spec changes.

    One of `when`, `all`, `absent` and `expr` says when it fires.
    """

    enabled: bool | None = None
    when: Template | None = None
    all: list[Template] | None = None
    absent: Template | None = None
    expr: Template | None = None
    join: list[LabelName] | None = Field(None, description="the labels on which several conditions meet")
    unless: list[Identifier] | None = Field(None, description="guards while which it is no alert")
    despite: dict[Identifier, _Reason] | None = Field(
        None, description="guards that cover what it reads and while which it is one all the same, and why"
    )
    pending: Pending | None = Field(None, alias="for")
    keep_firing_for: Pending | None = None
    severity: AlertSeverity | None = None
    severities: dict[AlertSeverity, Annotated[SeveritySpec, EmptyAllowed]] | None = None
    tier: Literal["P1", "P2"] | None = Field(None, description="P2: critical, but it can wait until the morning")
    escalate: EscalationSpec | None = None
    explains: list[ExplainsSpec] | None = None
    action: Name | None = None
    labels: dict[LabelName, str] | None = None
    summary: Template | None = None
    description: Template | None = None
    needs: list[Identifier] | None = None
    left_to: Name | None = Field(None, description="a pack that tells the same: the alert is left out beside it")


class RecordingSpec(Written):
    """A recording rule; named level:metric:operations."""

    record: Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*(:[a-zA-Z0-9_]+){1,3}$")]
    expr: Template
    about: str = ""
    needs: list[Identifier] = Field(default_factory=list)


class DashboardSpec(Written):
    """The pack's dashboard: its variables and which signals stand in which row."""

    variables: list[LabelName] = Field(default_factory=list)
    metric: str | None = Field(None, description="the metric whose labels fill the variables")
    rows: dict[str, list[Identifier]] = Field(default_factory=dict)


class PackSpec(Written):
    """`pack.yaml`, as written."""

    title: str
    about: str
    source: ExporterSpec | None = None
    metrics: dict[str, Metric] = Field(default_factory=dict)
    namespace_label: LabelName = Field(
        "namespace", description="the label by which its series tell whose they are, where that is another"
    )
    selector: Template | None = None
    selectors: dict[Identifier, Template] = Field(default_factory=dict)
    parameters: dict[Identifier, ParameterSpec] = Field(default_factory=dict)
    thresholds: dict[Identifier, ThresholdSpec] = Field(default_factory=dict)
    sources: dict[Identifier, SourceSpec] = Field(
        default_factory=dict, description="what is scraped for this pack and for no other; shared ones need no word"
    )
    scrape: dict[Template, ScrapeSpec] = Field(
        default_factory=dict, description="scrape jobs of each use of the pack, such as an application's own"
    )
    guards: dict[Identifier, GuardSpec] = Field(
        default_factory=dict, description="what its alerts wait for; the shared ones need no word"
    )
    recordings: list[RecordingSpec] = Field(default_factory=list)
    signals: dict[Identifier, SignalSpec] = Field(default_factory=dict)
    alerts: dict[AlertName, AlertSpec] = Field(default_factory=dict)
    objectives: dict[Name, ObjectiveSpec] = Field(default_factory=dict)
    dashboard: DashboardSpec = Field(default_factory=DashboardSpec)
    formerly: dict[str, str] = Field(
        default_factory=dict, description="names that alerts and settings had, and what stands in their place"
    )

    def renamed(self, name: str) -> str | None:
        """A hint for what had this name once; None for every other name."""
        return f"it is called {self.formerly[name]} now" if name in self.formerly else None

    @property
    def metric_types(self) -> dict[str, MetricType]:
        """The type of each metric, in whichever versions it is."""
        return {name: one.type for name, one in self.metrics.items()}


class ExpectationSpec(Written):
    """What a written test expects at one moment."""

    at: str = Field(description="a duration, or a formula in seconds over `pending` and the thresholds")
    value: float | Template | None = Field(None, description="$value where the alert fires")
    labels: dict[LabelName, str] = Field(default_factory=dict, description="which series fires, where not all do")


class CaseSpec(Written):
    """One written test: input series in promtool's notation, and when the alert fires or stays silent."""

    title: str
    severity: AlertSeverity | None = None
    interval: Interval = Duration(60_000)
    series: dict[Template, Template]
    fires: list[ExpectationSpec] = Field(default_factory=list)
    silent: list[ExpectationSpec] = Field(default_factory=list)


class CasesSpec(Written):
    """`tests.yaml`: the written tests of each alert."""

    alerts: dict[AlertName, list[CaseSpec]] = Field(default_factory=dict)
