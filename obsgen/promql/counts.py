"""Which comparisons take a count that Prometheus extrapolated for the whole number that happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    NumberLiteral,
    ParenExpr,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)

from obsgen.promql.matching import CHOOSERS, COMPARISONS, Recordings, bare, rules_of, vector_argument
from obsgen.promql.parse import nodes, one_line, parse, selector_of

# Of 20 in a quarter of an hour, scraped every 30s, extrapolation makes less than 21. Of more, one does not matter.
SMALL = 20

# Both answer for the whole range what they saw between its first and last sample.
_EXTRAPOLATING = frozenset({"increase", "delta"})
# What is a count where its operand is one.
_ADDING = frozenset({"sum", "min", "max"}) | CHOOSERS
_PASSING = frozenset(
    {
        "abs",
        "clamp",
        "clamp_max",
        "clamp_min",
        "label_join",
        "label_replace",
        "last_over_time",
        "max_over_time",
        "min_over_time",
        "sort",
        "sort_desc",
        "sum_over_time",
    }
)


def extrapolated_counts(expr: str, recordings: Recordings) -> tuple[str, ...]:
    """Each extrapolated count that is compared with a small whole number, and is not rounded again.

    Nothing stays nothing however it is extrapolated, so that comparisons with 0 are left out.
    """
    reading = _Reading(recordings)
    return tuple(one_line(count) for count in _compared(parse(expr)) if reading.extrapolated(count))


def _compared(tree: Expr) -> Iterator[Expr]:
    """What is compared with a small whole number."""
    for node in nodes(tree):
        if isinstance(node, BinaryExpr) and str(node.op) in COMPARISONS:
            sides = bare(node.lhs), bare(node.rhs)
            for number, other in (sides, reversed(sides)):
                if isinstance(number, NumberLiteral) and number.val in range(1, SMALL + 1):
                    yield other


@dataclass(frozen=True, slots=True)
class _Reading:
    recordings: Recordings

    def extrapolated(self, node: Expr) -> bool:
        match node:
            case Call():
                return node.func.name in _EXTRAPOLATING or (
                    node.func.name in _PASSING and self._of(vector_argument(node))
                )
            case AggregateExpr():
                return str(node.op) in _ADDING and self.extrapolated(node.expr)
            case BinaryExpr():
                return self._combined(node)
            case VectorSelector():
                rules = rules_of(self.recordings, selector_of(node).metric)
                return any(self.extrapolated(parse(expr)) for expr, _ in rules)
            case ParenExpr() | UnaryExpr() | SubqueryExpr():
                return self.extrapolated(node.expr)
        return False

    def _of(self, argument: Expr | None) -> bool:
        return argument is not None and self.extrapolated(argument)

    def _combined(self, node: BinaryExpr) -> bool:
        """A ratio or a product is no count; `and`, `unless` and comparisons leave the left side's value."""
        op = str(node.op)
        if op in ("+", "-", "or"):
            return self.extrapolated(node.lhs) or self.extrapolated(node.rhs)
        return op in COMPARISONS | {"and", "unless"} and self.extrapolated(node.lhs)
