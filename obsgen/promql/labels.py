"""The labels of an expression's results: for known series, and whatever the series are."""

from __future__ import annotations

from promql_parser import AggregateExpr

from obsgen.promql.flow import LabelFlow
from obsgen.promql.label_flow import flow_of, label_flow
from obsgen.promql.matching import CHOOSERS, Recorded, Recordings
from obsgen.promql.parse import nodes, one_line, parse
from obsgen.promql.result_labels import result_labels

__all__ = [
    "LabelFlow",
    "Recorded",
    "Recordings",
    "aggregations_without",
    "label_flow",
    "result_labels",
]


def aggregations_without(expr: str, label: str, recordings: Recordings | None = None) -> list[str]:
    """The text of each aggregation whose result surely lacks the label, outer ones first.

    `topk` and its kin drop nothing and are never among them.
    """
    return [
        one_line(node)
        for node in nodes(parse(expr))
        if isinstance(node, AggregateExpr)
        and str(node.op) not in CHOOSERS
        and not flow_of(node, recordings or {}).can_have(label)
    ]
