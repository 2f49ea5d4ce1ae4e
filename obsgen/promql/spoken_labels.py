"""The labels that an expression names, wherever in it: those that its author knows its series by."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from promql_parser import AggregateExpr, BinaryExpr, Call, Expr, StringLiteral, VectorSelector

from obsgen.promql.matching import NAME, grouping_of, matching_of, text_arguments
from obsgen.promql.parse import nodes, parse, selector_of

_SORTERS: Final = frozenset({"sort_by_label", "sort_by_label_desc"})


@lru_cache(maxsize=2**14)
def spoken_labels(expr: str) -> frozenset[str]:
    """The labels of its matchers, groupings and matchings, and of the functions that read or write one by name."""
    return frozenset(label for node in nodes(parse(expr)) for label in _named(node)) - {NAME, ""}


def _named(node: Expr) -> Iterator[str]:
    match node:
        case VectorSelector():
            yield from (matcher.name for matcher in selector_of(node).matchers)
        case AggregateExpr():
            yield from grouping_of(node).labels
            if str(node.op) == "count_values" and isinstance(node.param, StringLiteral):
                yield node.param.val
        case BinaryExpr():
            matching = matching_of(node)
            yield from matching.grouping.labels | matching.include
        case Call():
            yield from _by_function(node)


def _by_function(node: Call) -> tuple[str, ...]:
    texts = tuple(text_arguments(node))
    match node.func.name:
        case "label_replace":
            return texts[0], texts[2]
        case "label_join":
            return texts[0], *texts[2:]
    return texts if node.func.name in _SORTERS else ()
