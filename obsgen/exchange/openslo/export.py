"""A stack's objectives as documents of OpenSLO v1: a Service for each component, an SLO for each objective."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import singledispatch
from typing import Any

from obsgen.document import yaml_text
from obsgen.model.objectives import (
    ClassicLatency,
    ErrorEvents,
    GoodEvents,
    GoodTime,
    NativeLatency,
    Objective,
    Sli,
    WeightedRatio,
)
from obsgen.model.stack import Component, Stack
from obsgen.units import number_text

Body = Mapping[str, Any]

# A calendar's window needs a moment to count from; any first of a month is as good as another.
_CALENDAR = {"startTime": "2020-01-01 00:00:00", "timeZone": "UTC"}


def openslo_text(stack: Stack) -> str:
    """All documents in one text; empty where the stack has no objectives."""
    documents = [document for component in stack.components for document in _documents(component)]
    return "---\n".join(yaml_text(document) for document in documents)


def _documents(component: Component) -> Iterator[Body]:
    if component.objectives:
        yield _service(component)
    for objective in component.objectives:
        yield _slo(component, objective)


def _service(component: Component) -> Body:
    namespace = {"namespace": component.namespace} if component.namespace else {}
    labels = {**component.labels, "team": component.team, **namespace}
    metadata = {"name": component.name, "displayName": component.title, "labels": labels}
    return _document("Service", metadata, {"description": component.about})


def _slo(component: Component, objective: Objective) -> Body:
    name = f"{component.name}-{objective.name}"
    metadata = {"name": name, "displayName": objective.title, "labels": {"team": component.team}}
    queries = _Queries(objective)
    spec = {
        "description": objective.about,
        "service": component.name,
        "indicator": {"metadata": {"name": name}, "spec": {"ratioMetric": _ratio_metric(objective.sli, queries)}},
        "timeWindow": [_time_window(objective)],
        "budgetingMethod": "Occurrences",
        "objectives": [{"displayName": objective.title, "target": float(f"{objective.target:.12g}")}],
    }
    return _document("SLO", metadata, spec)


def _document(kind: str, metadata: Body, spec: Body) -> Body:
    return {"apiVersion": "openslo/v1", "kind": kind, "metadata": metadata, "spec": spec}


def _time_window(objective: Objective) -> Body:
    if objective.calendar:
        return {"duration": "1M", "isRolling": False, "calendar": _CALENDAR}
    return {"duration": str(objective.period), "isRolling": True}


class _Queries:
    """PromQL over the objective's base window, by the labels that have a budget of their own."""

    def __init__(self, objective: Objective) -> None:
        self.window = str(objective.base)
        self._by = f"by ({', '.join(('cluster', *objective.by))})"

    def over_window(self, function: str, selector: str) -> str:
        """The sum of a function of the selector's series."""
        return f"sum {self._by} ({function}({selector}[{self.window}]))"


def _events(part: str, selector: str, total: str, queries: _Queries) -> Body:
    return {
        # The queries count events per second already.
        "counter": False,
        part: _source(queries.over_window("rate", selector)),
        "total": _source(queries.over_window("rate", total)),
    }


def _raw(kind: str, query: str) -> Body:
    return {"rawType": kind, "raw": _source(query)}


def _source(query: str) -> Body:
    return {"metricSource": {"type": "Prometheus", "spec": {"query": query}}}


@singledispatch
def _ratio_metric(sli: Sli, queries: _Queries) -> Body:  # noqa: ARG001 - every kind has its own
    raise TypeError(type(sli).__name__)


@_ratio_metric.register
def _(sli: ErrorEvents, queries: _Queries) -> Body:
    return _events("bad", sli.errors.selector, sli.total.selector, queries)


@_ratio_metric.register
def _(sli: GoodEvents, queries: _Queries) -> Body:
    return _events("good", sli.good.selector, sli.total.selector, queries)


@_ratio_metric.register
def _(sli: ClassicLatency, queries: _Queries) -> Body:
    return _events("good", sli.bucket.selector, sli.count.selector, queries)


@_ratio_metric.register
def _(sli: NativeLatency, queries: _Queries) -> Body:
    observed = queries.over_window("rate", sli.histogram.selector)
    return _raw("success", f"histogram_fraction(0, {number_text(sli.bound)}, {observed})")


@_ratio_metric.register
def _(sli: GoodTime, queries: _Queries) -> Body:
    good, all_time = (queries.over_window(f"{what}_over_time", sli.gauge.selector) for what in ("sum", "count"))
    return _raw("success", f"{good} / {all_time}")


@_ratio_metric.register
def _(sli: WeightedRatio, queries: _Queries) -> Body:
    return _raw("failure", sli.expr.replace("${window}", queries.window).replace("$window", queries.window))
