"""The indicator of an SLO: ratios of counters, raw ratios, and thresholds of a measured quantity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from obsgen.diagnostics import Findings
from obsgen.exchange.indicators import Indicator, of_events, of_ratio, of_threshold
from obsgen.exchange.node import Node
from obsgen.exchange.openslo.references import References
from obsgen.exchange.taken import inexpressible, promql
from obsgen.units import number_text

_COMPARISONS = {"lte": "<=", "gte": ">=", "lt": "<", "gt": ">"}

# The query to show findings at, and what reads it.
Measure = tuple[Node, Callable[[], Indicator]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where queries come from: what documents refer to, and where to note what is lost."""

    references: References
    lost: Findings

    def query(self, metric: Node) -> Node:
        """The PromQL of a metric source; `Diagnosed` where it is of another kind."""
        if metric.get("source"):
            return _query_of_alpha(metric)
        source = metric.get("metricSource") or metric
        kind, reference = source.get("type"), source.get("metricSourceRef")
        if kind is None and reference:
            kind = self.references.named("DataSource", reference).need("spec").need("type")
        if kind is None:
            kind = source.need("type")
        if kind.text().lower() != "prometheus":
            message = f"only sources of the type Prometheus are taken over, not '{kind.text()}'"
            raise inexpressible(kind, message)
        self.lost.add(*source.need("spec").unread("query"))
        return source.need("spec").need("query")


def _query_of_alpha(metric: Node) -> Node:
    """v1alpha names the source and the language beside the query."""
    for field, known in (("source", ("prometheus", "sloth")), ("queryType", ("promql",))):
        written = metric.need(field)
        if written.text().lower() not in known:
            raise inexpressible(written, f"only {known[0]} is taken over as {field}, not '{written.text()}'")
    return metric.need("query")


def measure_of(spec: Node, entry: Node, sources: Sources) -> Measure:
    """What an objective measures; `Diagnosed` where that is no PromQL or not there."""
    of_alpha = entry.get("ratioMetrics")
    if of_alpha:
        return _ratio(of_alpha, sources)
    reference = spec.get("indicatorRef")
    indicator = sources.references.named("SLI", reference) if reference else spec.need("indicator")
    body = indicator.get("spec") or indicator
    ratio, threshold = body.get("ratioMetric"), body.get("thresholdMetric")
    if ratio:
        return _ratio(ratio, sources)
    if threshold:
        return _threshold(threshold, entry, sources)
    raise body.mistake("OBS110", "field 'ratioMetric' is missing from the indicator", "ratioMetric or thresholdMetric")


def _ratio(ratio: Node, sources: Sources) -> Measure:
    raw = ratio.get("raw")
    if raw:
        kind = ratio.need("rawType")
        if kind.content not in ("success", "failure"):
            raise kind.mistake("OBS112", f"'{kind.text()}' is neither success nor failure")
        query = sources.query(raw)
        share, good = promql(query), kind.content == "success"
        return query, lambda: of_ratio(share, good=good)
    counter = ratio.get("counter", "incremental")
    good_part = ratio.get("good")
    query = sources.query(good_part or ratio.need("bad"))
    part, whole = promql(query), promql(sources.query(ratio.need("total")))
    counters = counter is not None and counter.is_true()
    return query, lambda: of_events(part, whole, good=good_part is not None, counters=counters)


def _threshold(threshold: Node, entry: Node, sources: Sources) -> Measure:
    query = sources.query(threshold)
    operator, value = entry.need("op"), entry.need("value")
    comparison = _COMPARISONS.get(operator.text())
    if comparison is None:
        raise operator.mistake("OBS112", f"'{operator.text()}' is none of {', '.join(_COMPARISONS)}")
    measured, bound = promql(query), number_text(value.number())
    return query, lambda: of_threshold(measured, comparison, bound)
