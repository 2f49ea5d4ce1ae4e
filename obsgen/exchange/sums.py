"""Queries as sums of counters: `sum(rate(a[w])) - sum(rate(b[w]))` is +a −b."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
    NumberLiteral,
    ParenExpr,
    VectorSelector,
)

from obsgen.exchange.window import WINDOW, canonical
from obsgen.promql.matcher import Selector
from obsgen.promql.parse import duration, parse, selector_of

# Functions of a range that add up: those of counters, and the two that make the mean of a gauge.
COUNTING = ("rate", "increase")
_ADDITIVE = (*COUNTING, "sum_over_time", "count_over_time")


@dataclass(frozen=True, slots=True)
class Term:
    """A function of one selector's series over the window; no function where the counter itself is named."""

    function: str
    selector: Selector


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms with how often each is added, by the labels that are kept."""

    terms: Mapping[Term, int]
    by: tuple[str, ...]
    aggregated: bool = True

    def minus(self, other: Sum) -> Sum | None:
        """The difference; None where the two keep different labels."""
        return self._combined(other, -1)

    def plus(self, other: Sum) -> Sum | None:
        """The sum; None where the two keep different labels."""
        return self._combined(other, 1)

    def _combined(self, other: Sum, sign: int) -> Sum | None:
        if (self.by, self.aggregated) != (other.by, other.aggregated):
            return None
        counts = Counter(self.terms)
        for term, times in other.terms.items():
            counts[term] += sign * times
        return Sum({term: times for term, times in counts.items() if times}, self.by, self.aggregated)


@dataclass(frozen=True, slots=True)
class Fraction:
    """A share: what is counted, of what."""

    part: Sum
    whole: Sum

    def complement(self) -> Fraction | None:
        """The rest to 1."""
        rest = self.whole.minus(self.part)
        return None if rest is None else Fraction(rest, self.whole)


def read_sum(expr: str) -> Sum | None:
    """The query as a sum of counters; None where it is more than that."""
    return _sum(parse(expr))


def read_fraction(expr: str) -> Fraction | None:
    """The query as a share of two sums, or 1 minus one; None where it is something else."""
    return _fraction(parse(expr))


def _fraction(node: Expr) -> Fraction | None:
    node = bare(node)
    match node:
        case BinaryExpr() if str(node.op) == "/" and node.modifier is None:
            part, whole = _sum(node.lhs), _sum(node.rhs)
            return Fraction(part, whole) if part and whole and part.by == whole.by else None
        case BinaryExpr() if str(node.op) == "-" and _is_number(node.lhs, 1):
            rest = _fraction(node.rhs)
            return rest.complement() if rest else None
        case AggregateExpr() if str(node.op) == "avg" and _by(node) is not None:
            return _mean(node.expr, _by(node) or (), aggregated=True)
        case Call():
            return _mean(node, (), aggregated=False)
    return None


def _mean(node: Expr, by: tuple[str, ...], *, aggregated: bool) -> Fraction | None:
    """`avg_over_time` is a sum of samples by their number."""
    node = bare(node)
    selector = _selector_in(node) if isinstance(node, Call) and node.func.name == "avg_over_time" else None
    if selector is None:
        return None
    added, counted = (Sum({Term(f, selector): 1}, by, aggregated) for f in ("sum_over_time", "count_over_time"))
    return Fraction(added, counted)


def _sum(node: Expr) -> Sum | None:
    node = bare(node)
    match node:
        case AggregateExpr() if str(node.op) == "sum":
            by, term = _by(node), _term(node.expr)
            return Sum({term: 1}, by) if term and by is not None else None
        case Call() | VectorSelector():
            term = _term(node)
            return Sum({term: 1}, (), aggregated=False) if term else None
        case BinaryExpr() if str(node.op) in "+-" and node.modifier is None:
            left, right = _sum(node.lhs), _sum(node.rhs)
            if left is None or right is None:
                return None
            return left.plus(right) if str(node.op) == "+" else left.minus(right)
    return None


def bare(node: Expr) -> Expr:
    """Without brackets, and without guards that obsgen's own rules have: `or vector(0)` and `> 0`."""
    while True:
        match node:
            case ParenExpr():
                node = node.expr
            case BinaryExpr() if str(node.op) == "or" and _is_vector_of_zero(node.rhs):
                node = node.lhs
            case BinaryExpr() if is_guard(node):
                node = node.lhs
            case _:
                return node


def is_guard(node: BinaryExpr) -> bool:
    """Whether it only leaves out what is 0: `> 0`."""
    return str(node.op) == ">" and node.modifier is None and _is_number(node.rhs, 0)


def _is_vector_of_zero(node: Expr) -> bool:
    while isinstance(node, ParenExpr):
        node = node.expr
    return isinstance(node, Call) and node.func.name == "vector" and _is_number(node.args[0], 0)


def _is_number(node: Expr, number: float) -> bool:
    while isinstance(node, ParenExpr):
        node = node.expr
    return isinstance(node, NumberLiteral) and node.val == number


def _by(node: AggregateExpr) -> tuple[str, ...] | None:
    """The labels kept besides the cluster, which obsgen always keeps; None for `without`."""
    if node.modifier is None:
        return ()
    if str(node.modifier.type) != "AggModifierType.By":
        return None
    return tuple(label for label in node.modifier.labels if label != "cluster")


def _term(node: Expr) -> Term | None:
    node = bare(node)
    if isinstance(node, VectorSelector):
        plain = node.offset is None and node.at is None
        return Term("", canonical(selector_of(node))) if plain else None
    if isinstance(node, Call) and node.func.name in _ADDITIVE:
        selector = _selector_in(node)
        return Term(node.func.name, selector) if selector else None
    return None


def _selector_in(node: Call) -> Selector | None:
    inner = node.args[0]
    if not isinstance(inner, MatrixSelector) or duration(inner.range) != WINDOW:
        return None
    vector = inner.vector_selector
    return canonical(selector_of(vector)) if vector.offset is None and vector.at is None else None
