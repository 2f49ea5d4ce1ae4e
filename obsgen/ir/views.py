"""What a dashboard has to show, before anyone decides how it looks."""

from __future__ import annotations

from dataclasses import dataclass, fields

from obsgen.spec.layers import Layer, Severity


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """An alert's own threshold on the signal's scale. `above` is true where larger values are worse.

    With `inclusive` the threshold itself is bad too; with `joint` it counts only together with other conditions.
    """

    value: float
    severity: Severity
    above: bool
    inclusive: bool = False
    joint: bool = False


@dataclass(frozen=True, slots=True)
class SignalView:
    """One signal as a panel; `expr` holds `$__rate_interval` and the dashboard's variables already."""

    name: str
    title: str
    about: str
    unit: str
    expr: str
    legend: str
    lines: tuple[ThresholdLine, ...] = ()
    alerts: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class SignalRow:
    """Signals under one heading. The first row of a view is the overview and stays open."""

    title: str
    signals: tuple[SignalView, ...]
    collapsed: bool = False


@dataclass(frozen=True, slots=True)
class ViewVariable:
    """A choice at the top of the dashboard: the values of one label, narrowed by the variables before it.

    `only` is what stands there where series lack the label: one choice, which is everything.
    """

    name: str
    label: str
    title: str
    metric: str
    only: str = ""


@dataclass(frozen=True, slots=True)
class PackView:
    """One monitored component: is it well, and if not, where."""

    uid: str
    title: str
    about: str
    folder: str
    layer: Layer
    component: str
    variables: tuple[ViewVariable, ...]
    rows: tuple[SignalRow, ...]
    tags: tuple[str, ...] = ()
    runbook_url: str = ""
    objectives_uid: str = ""
    kind: str = "pack"


@dataclass(frozen=True, slots=True)
class BurnView:
    """Two windows that both have to burn at `factor` before an alert fires, each as a burn rate over time.

    `threshold` is the alert's own number: the factor as a share of errors.
    """

    severity: Severity
    long: str
    short: str
    factor: float
    threshold: float
    long_expr: str
    short_expr: str


@dataclass(frozen=True, slots=True)
class ObjectiveQueries:
    """What is asked about an objective, one series for each group; the dashboard's variables are in it."""

    remaining: str
    burn_rate: str
    period_ratio: str
    base_ratio: str
    total: str
    failed: str
    firing: str


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """One objective: its budget, what spends it, and the numbers at which its alerts notice.

    `period` and `base` are windows as metric names have them; `timed` means that time is counted, not events. Fewer
    than `minimum_errors` failed events never set off a burn alert.
    """

    name: str
    title: str
    about: str
    target: str
    budget: float
    period: str
    base: str
    timed: bool
    minimum_errors: float
    by: tuple[str, ...]
    queries: ObjectiveQueries
    burns: tuple[BurnView, ...] = ()
    budget_lines: tuple[ThresholdLine, ...] = ()
    burn_lines: tuple[ThresholdLine, ...] = ()
    alerts: tuple[str, ...] = ()

    @property
    def expressions(self) -> tuple[str, ...]:
        """Every query, those of the burn windows too."""
        asked = (getattr(self.queries, one.name) for one in fields(self.queries))
        return (*asked, *(expr for burn in self.burns for expr in (burn.long_expr, burn.short_expr)))


@dataclass(frozen=True, slots=True)
class ObjectivesView:
    """The objectives of one component: is what was promised kept, and for how much longer."""

    uid: str
    title: str
    about: str
    folder: str
    layer: Layer
    component: str
    variables: tuple[ViewVariable, ...]
    objectives: tuple[ObjectiveView, ...]
    tags: tuple[str, ...] = ()
    runbook_url: str = ""
    pack_uid: str = ""
    kind: str = "objectives"
