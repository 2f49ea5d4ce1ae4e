"""Failed and all events per second over a window, for each kind of measure."""

from __future__ import annotations

from functools import singledispatch
from string import Template

from obsgen.model.objectives import (
    ClassicLatency,
    ErrorEvents,
    GoodEvents,
    GoodTime,
    NativeLatency,
    Sli,
    WeightedRatio,
)
from obsgen.units import Duration, number_text


def grouped(by: tuple[str, ...]) -> str:
    """`sum by (cluster, route)`, or `sum` where nothing tells groups apart."""
    return f"sum by ({', '.join(by)})" if by else "sum"


@singledispatch
def total(sli: Sli, by: tuple[str, ...], window: Duration) -> str:
    """All events per second; for time, the samples per second."""
    raise TypeError(type(sli).__name__, by, window)


@singledispatch
def errors(sli: Sli, by: tuple[str, ...], window: Duration) -> str:
    """Failed events per second. What has never failed has no series of failures: that counts as none."""
    raise TypeError(type(sli).__name__, by, window)


@singledispatch
def failing(sli: Sli, by: tuple[str, ...], window: Duration) -> str:
    """Failed events per second, perhaps nothing where nothing failed: half the reading of `errors`."""
    return errors(sli, by, window)


@total.register
def _(sli: ErrorEvents | GoodEvents, by: tuple[str, ...], window: Duration) -> str:
    return f"{grouped(by)} (rate({sli.total.selector}[{window}]))"


@errors.register
def _(sli: ErrorEvents, by: tuple[str, ...], window: Duration) -> str:
    return f"{failing(sli, by, window)}\nor 0 * {total(sli, by, window)}"


@failing.register
def _(sli: ErrorEvents, by: tuple[str, ...], window: Duration) -> str:
    return f"{grouped(by)} (rate({sli.errors.selector}[{window}]))"


@errors.register
def _(sli: GoodEvents, by: tuple[str, ...], window: Duration) -> str:
    # Where nothing has ever been good there is no series of good events, and everything fails.
    everything = total(sli, by, window)
    good = f"{grouped(by)} (rate({sli.good.selector}[{window}])) or 0 * {everything}"
    return f"clamp_min(\n  {everything}\n  - ({good}),\n  0\n)"


@total.register
def _(sli: ClassicLatency, by: tuple[str, ...], window: Duration) -> str:
    return f"{grouped(by)} (rate({sli.count.selector}[{window}]))"


@errors.register
def _(sli: ClassicLatency, by: tuple[str, ...], window: Duration) -> str:
    # Without the bucket there is no answer, rather than a good one: the alert on missing data says so.
    in_time = f"{grouped(by)} (rate({sli.bucket.selector}[{window}]))"
    return f"clamp_min(\n  {total(sli, by, window)}\n  - {in_time},\n  0\n)"


@total.register
def _(sli: NativeLatency, by: tuple[str, ...], window: Duration) -> str:
    return f"histogram_count({grouped(by)} (rate({sli.histogram.selector}[{window}])))"


@errors.register
def _(sli: NativeLatency, by: tuple[str, ...], window: Duration) -> str:
    # Of no observations at all the fraction is NaN, which no comparison lets pass.
    everything = total(sli, by, window)
    bound = number_text(sli.bound)
    in_time = f"histogram_fraction(-Inf, {bound}, {grouped(by)} (rate({sli.histogram.selector}[{window}])))"
    return f"clamp_min(\n  {everything}\n  * (1 - {in_time}),\n  0\n) >= 0\nor 0 * {everything}"


@total.register
def _(sli: GoodTime, by: tuple[str, ...], window: Duration) -> str:
    return f"{grouped(by)} (count_over_time({sli.gauge.selector}[{window}])) / {number_text(window.seconds)}"


@errors.register
def _(sli: GoodTime, by: tuple[str, ...], window: Duration) -> str:
    selector, seconds = sli.gauge.selector, number_text(window.seconds)
    counted, good = (f"{grouped(by)} ({one}_over_time({selector}[{window}]))" for one in ("count", "sum"))
    return f"clamp_min({counted} - {good}, 0) / {seconds}"


def _over(text: str, window: Duration) -> str:
    return Template(text).substitute(window=window)


@total.register
def _(sli: WeightedRatio, by: tuple[str, ...], window: Duration) -> str:
    del by
    if sli.weight:
        return _over(sli.weight, window)
    # A moment counts as one where the ratio has a value; NaN is none.
    return f"(({_over(sli.expr, window)}) >= 0) ^ 0"


@errors.register
def _(sli: WeightedRatio, by: tuple[str, ...], window: Duration) -> str:
    ratio = f"(({_over(sli.expr, window)}) >= 0)"
    if not sli.weight:
        return ratio
    return f"{ratio}\n* ({_over(sli.weight, window)})\nor 0 * ({total(sli, by, window)})"
