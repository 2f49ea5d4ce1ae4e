"""The form of feeds: which input series, fed how, make a measured quantity read a value."""

from __future__ import annotations

from pydantic import Field, model_validator

from obsgen.spec.written import Template, Written


class HistogramFeed(Written):
    """Observations placed so that the quantile reads the wanted value, in the exporter's own buckets."""

    quantile: float = Field(gt=0, lt=1)
    value: Template = "${v}"
    rate: float | Template = 10.0
    buckets: list[float] = Field(min_length=2)


class FeedSpec(Written):
    """One input series and how it is fed; exactly one of the kinds is given.

    Formulas are templates over `v`, the value that the signal shall read, and over the other signals' names.
    """

    series: Template
    gauge: float | Template | None = None
    counter: float | Template | None = Field(None, description="per second")
    age: float | Template | None = Field(None, description="a timestamp this many seconds old")
    histogram: HistogramFeed | None = None

    @model_validator(mode="after")
    def _of_one_kind(self) -> FeedSpec:
        if sum(one is not None for one in (self.gauge, self.counter, self.age, self.histogram)) != 1:
            msg = "say in exactly one way how the series is fed: gauge, counter, age, or histogram"
            raise ValueError(msg)
        return self
