"""Objectives, complete: what is measured, how much may fail, and which windows notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from obsgen.diagnostics import Location
from obsgen.model.feed_names import FeedNames
from obsgen.model.setting import Setting
from obsgen.spec.feeds import FeedSpec
from obsgen.spec.objectives import ObjectiveAlertName
from obsgen.spec.written import AlertSeverity
from obsgen.units import NO_TIME, Duration


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter by its selector, and a series that it selects (in tests, with labels of their own)."""

    selector: str
    example: str
    selects_errors: bool = False


@dataclass(frozen=True, slots=True)
class ErrorEvents:
    """Two counters: all events, and those among them that failed."""

    errors: Counted
    total: Counted


@dataclass(frozen=True, slots=True)
class GoodEvents:
    """Two counters: all events, and those among them that were good."""

    good: Counted
    total: Counted


@dataclass(frozen=True, slots=True)
class ClassicLatency:
    """A classic histogram: what lies above the bound is an error. `le` matches both spellings of a whole bound."""

    bucket: Counted
    count: Counted
    bound: float


@dataclass(frozen=True, slots=True)
class NativeLatency:
    """A native histogram: what lies above the bound is an error. The bound is in seconds."""

    histogram: Counted
    bound: float


@dataclass(frozen=True, slots=True)
class GoodTime:
    """A gauge that reads 1 while all is well and 0 while not; time takes the place of events."""

    gauge: Counted


@dataclass(frozen=True, slots=True)
class WeightedRatio:
    """Any share of errors over `$window`, and the events per second that it is a share of (None: time).

    `place` holds the labels that every fed series needs and that its feed may leave out: the cluster and the group's.
    `all_or_nothing` says that its feed knows the shares 0 and 1 alone: a threshold is passed or it is not.
    """

    expr: str
    weight: str | None
    feed: tuple[FeedSpec, ...]
    names: FeedNames
    place: Mapping[str, str] = field(default_factory=dict)
    all_or_nothing: bool = False
    feed_origin: Location | None = None


def counts_events(sli: Sli) -> bool:
    """Whether events are counted, of which there may be many, few or none; else it is time, which always passes."""
    return not (isinstance(sli, GoodTime) or (isinstance(sli, WeightedRatio) and sli.weight is None))


def expressions(sli: Sli) -> tuple[str, ...]:
    """What it reads, each as an expression that can be parsed."""
    if isinstance(sli, WeightedRatio):
        return tuple(one.replace("$window", "5m") for one in (sli.expr, sli.weight) if one)
    counted = (getattr(sli, one.name) for one in fields(sli))
    return tuple(one.selector for one in counted if isinstance(one, Counted))


def fails_in_part(sli: Sli) -> bool:
    """Whether tests can have any share of it fail, and not only all or nothing."""
    return not (isinstance(sli, WeightedRatio) and sli.all_or_nothing)


Sli = ErrorEvents | GoodEvents | ClassicLatency | NativeLatency | GoodTime | WeightedRatio


@dataclass(frozen=True, slots=True)
class BurnWindow:
    """Two windows that must both burn at `factor` times the sustainable rate; `threshold` is factor × budget."""

    long: Duration
    short: Duration
    factor: float
    threshold: float


@dataclass(frozen=True, slots=True)
class ObjectiveAlert:
    """One alert of an objective at one severity. `spent` is the share of the budget that sets it off, if one does."""

    name: ObjectiveAlertName
    severity: AlertSeverity
    pending: Duration = NO_TIME
    keep_firing_for: Duration = NO_TIME
    action: str | None = None
    windows: tuple[BurnWindow, ...] = ()
    spent: float = 0.0


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective of a component. `budget` is 1 - target; `by` holds the labels with a budget of their own each."""

    name: str
    title: str
    about: str
    target: float
    budget: float
    target_text: str
    period: Duration
    calendar: bool
    sli: Sli
    by: tuple[str, ...]
    exact: bool
    base: Duration
    interval: Duration
    minimum_errors: float
    alerts: tuple[ObjectiveAlert, ...]
    origin: Location
    settings: tuple[Setting, ...] = ()
    disabled: tuple[Setting, ...] = field(default=())

    @property
    def period_name(self) -> str:
        """The period as metric names have it: `30d`, or `month`."""
        return "month" if self.calendar else str(self.period)
