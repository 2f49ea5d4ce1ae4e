"""The form of objectives: what counts as an error, how much of it is allowed, and who hears of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from obsgen.spec.feeds import FeedSpec
from obsgen.spec.names import Name
from obsgen.spec.written import AlertSeverity, EmptyAllowed, LabelName, Pending, Template, Window, Written
from obsgen.units import Amount

# The alerts of every objective; each can be changed by its name.
ObjectiveAlertName = Literal["ErrorBudgetBurn", "ErrorBudgetSpent", "ObjectiveDataMissing", "ObjectiveTrafficStopped"]


def _ratio(amount: Amount) -> Amount:
    return Amount.parse(amount.text, "ratio")


def _part(amount: Amount) -> Amount:
    part = _ratio(amount)
    if not 0 < part.value <= 1:
        msg = f"'{amount.text}' is no part of a budget: write a ratio above 0 and up to 100%"
        raise ValueError(msg)
    return part


Ratio = Annotated[Amount, AfterValidator(_ratio)]
Part = Annotated[Amount, AfterValidator(_part)]


class LatencySpec(Written):
    """Requests answered in time: observations of a histogram at or below a bound."""

    histogram: Template = Field(description="the histogram without its suffix: http_request_duration_seconds{…}")
    under: Window = Field(description="a bound between two buckets of a classic histogram")
    native: bool = Field(default=False, description="a native histogram, which needs Prometheus 3")


class RatioSpec(Written):
    """Any share of errors, as PromQL over ${window}."""

    expr: Template = Field(description="the share of errors from 0 to 1, over ${window}")
    weight: Template | None = Field(None, description="events per second over ${window}; without it time is counted")
    feed: list[FeedSpec] = Field(default_factory=list, description="formulas over v and `events`, per second")
    all_or_nothing: bool = Field(default=False, description="the feed can make it read 0 and 1, and nothing between")


class ObjectiveSeveritySpec(Written):
    """What one severity of an objective's alert says differently."""

    enabled: bool | None = None
    pending: Pending | None = Field(None, alias="for")
    keep_firing_for: Pending | None = None


class ObjectiveAlertSpec(Written):
    """What the spec changes in one alert of an objective."""

    enabled: bool | None = None
    pending: Pending | None = Field(None, alias="for")
    keep_firing_for: Pending | None = None
    severity: AlertSeverity | None = None
    severities: dict[AlertSeverity, Annotated[ObjectiveSeveritySpec, EmptyAllowed]] = Field(default_factory=dict)
    action: Name | None = None


class BudgetStepSpec(Written):
    """A share of the error budget whose loss somebody has to hear of."""

    spent: Part
    action: Name | None = None


class ObjectiveSpec(Written):
    """An objective, or the part of one that a spec changes.

    One of `errors`, `good`, `latency`, `gauge` and `ratio` says what is measured.
    """

    title: str | None = None
    about: str | None = None
    target: Ratio | None = Field(None, description="the share of events that must be good, such as 99.9%")
    period: Annotated[str, Field(pattern=r"^(month|\d+w(\d+d)?|\d+d)$", max_length=12)] | None = Field(
        None, description="7d to 90d, rolling (30d), or `month`: the calendar's, in UTC"
    )
    total: Template | None = Field(None, description="the counter of all events")
    errors: Template | None = Field(None, description="the counter of those among them that failed")
    good: Template | None = Field(None, description="the counter of those among them that were good")
    latency: LatencySpec | None = None
    gauge: Template | None = Field(None, description="1 while all is well, 0 while not, or a share between")
    ratio: RatioSpec | None = None
    by: list[LabelName] | None = Field(None, description="a budget of its own for each value of these labels")
    accuracy: Literal["chained", "exact"] | None = None
    windows: Name | None = Field(None, description="a table of burn-rate windows in config/windows")
    minimum_errors: float | None = Field(None, ge=0, description="fewer errors in the long window never fire")
    policy: dict[AlertSeverity, BudgetStepSpec] | None = Field(None, description="tickets for budget that is gone")
    alerts: dict[ObjectiveAlertName, Annotated[ObjectiveAlertSpec, EmptyAllowed]] = Field(default_factory=dict)
    needs: list[str] | None = Field(None, description="parameters of the pack without which it is left out")


class BurnWindowSpec(Written):
    """A share of the budget and the two windows in which its loss is noticed."""

    budget: Ratio
    long: Window
    short: Window


class PeriodsSpec(Written):
    """The periods that a table of windows is made for."""

    from_: Window = Field(alias="from")
    to: Window


def _forwards(periods: PeriodsSpec) -> PeriodsSpec:
    if not periods.from_ < periods.to:
        msg = f"no period is from {periods.from_} and below {periods.to}: write the shorter one under from"
        raise ValueError(msg)
    return periods


class WindowsSpec(Written):
    """`config/windows/<name>.yaml`: burn-rate windows by severity."""

    about: str
    periods: Annotated[PeriodsSpec, AfterValidator(_forwards)]
    tiers: dict[AlertSeverity, Annotated[list[BurnWindowSpec], Field(min_length=1)]] = Field(min_length=1)
