"""Histograms in foreign queries: observations at or below a bound, of all observations."""

from __future__ import annotations

import math
from typing import Any

from obsgen.promql.matcher import Matcher, Selector
from obsgen.units import Duration

_BUCKET, _COUNT = "_bucket", "_count"


def histogram_form(bucket: Selector, count: Selector) -> dict[str, Any] | None:
    """`latency` for a bucket and the count of one classic histogram in seconds; None for anything else."""
    base = bucket.metric.removesuffix(_BUCKET)
    bounds, others = _without_bound(bucket)
    if base == bucket.metric or not base.endswith("_seconds") or len(bounds) != 1:
        return None
    under = under_of(_bound(bounds[0]))
    if under is None or not _counts_all(count, base, others):
        return None
    return {"latency": {"histogram": str(Selector(base, others)), "under": under}}


def under_of(bound: float) -> str | None:
    """A bound in seconds as a duration; None where it is no whole number of milliseconds."""
    if not math.isfinite(bound) or bound <= 0:
        return None
    span = Duration.of_seconds(bound)
    return str(span) if math.isclose(span.seconds, bound) else None


def _counts_all(count: Selector, base: str, others: tuple[Matcher, ...]) -> bool:
    if count.metric == base + _COUNT:
        return count.matchers == others
    bounds, rest = _without_bound(count)
    return count.metric == base + _BUCKET and rest == others and [str(one) for one in bounds] == ['le="+Inf"']


def _without_bound(selector: Selector) -> tuple[list[Matcher], tuple[Matcher, ...]]:
    bounds = [matcher for matcher in selector.matchers if matcher.name == "le"]
    return bounds, tuple(matcher for matcher in selector.matchers if matcher.name != "le")


def _bound(matcher: Matcher) -> float:
    """The bucket's bound; NaN where the matcher selects more than one."""
    if matcher.op == "=":
        return _number(matcher.value)
    # Prometheus 3 writes whole bounds as 1.0, older versions as 1: people match both.
    whole = matcher.value.partition("(")[0].partition("|")[0]
    both = (rf"{whole}(\.0)?", rf"{whole}(\.0|)", f"{whole}|{whole}.0", rf"{whole}|{whole}\.0")
    return _number(whole) if matcher.op == "=~" and matcher.value in both and whole.isdigit() else math.nan


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
