"""The form of signals: measured quantities that alerts compare, panels draw and tests feed."""

from __future__ import annotations

from pydantic import Field, model_validator

from obsgen.spec.feeds import FeedSpec
from obsgen.spec.written import Identifier, Interval, Template, Written


class ForecastSpec(Written):
    """How long until something is used up, in seconds: by growth that lasts, not by one step or a daily rhythm."""

    of: Template = Field(description="the selector of a gauge: what is left, or with rises_to what is taken")
    rises_to: Template | None = Field(None, description="the limit, where the gauge grows towards one")
    falls_to: Template | None = Field(None, description="the limit, where the gauge falls to one other than 0")
    over: Template = Field("6h", description="how far back growth must show; steps of up to a sixth of it are none")

    @model_validator(mode="after")
    def _one_way(self) -> ForecastSpec:
        if self.rises_to is not None and self.falls_to is not None:
            msg = "a gauge rises to a limit or falls to one: give rises_to, falls_to, or neither where it falls to 0"
            raise ValueError(msg)
        return self


class SignalSpec(Written):
    """A measured quantity: declared once, read by alerts, panels and tests."""

    title: str
    about: str = ""
    unit: str
    expr: Template | None = None
    forecast: ForecastSpec | None = Field(None, description="instead of expr: the time until something is used up")
    legend: str = ""
    integer: bool = False
    minimum: float | None = None
    maximum: float | None = None
    healthy: float | None = Field(None, description="what it reads when all is well; tests resolve to it")
    feed: list[FeedSpec] = Field(default_factory=list)
    reads_back: Interval | None = Field(
        None, description="for its tests: how long what it reads counts, where a range only remembers for longer"
    )
    needs: list[Identifier] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_source(self) -> SignalSpec:
        if (self.expr is None) == (self.forecast is None):
            msg = "say what is measured in one way: expr, or forecast"
            raise ValueError(msg)
        return self
