"""What a dashboard has to show, before anyone decides how it looks."""

from __future__ import annotations

from dataclasses import dataclass

from obsgen.spec.layers import Layer, Severity


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """An alert's own threshold on the signal's scale. `above` is true where larger values are worse."""

    value: float
    severity: Severity
    above: bool


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
    """A choice at the top of the dashboard: the values of one label, narrowed by the variables before it."""

    name: str
    label: str
    title: str
    metric: str


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
    kind: str = "pack"
