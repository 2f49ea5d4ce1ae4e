"""A measured quantity that stands on one side of a threshold: the series that moves it across."""

from __future__ import annotations

from promql_parser import AggregateExpr, BinaryExpr, Expr, NumberLiteral, ParenExpr, VectorSelector

from obsgen.exchange.sums import is_guard
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import nodes, parse, selectors
from obsgen.promql.selector import NoExample, example_series

_BELOW, _ABOVE = ("<", "<="), (">", ">=")
# What one series reads, each of these reads too.
_SAME_OF_ONE = ("sum", "avg", "min", "max")


def comparisons(expr: str) -> list[BinaryExpr]:
    """Each comparison in the expression, but for `> 0`, which only leaves out what is nothing."""
    compared = (node for node in nodes(parse(expr)) if isinstance(node, BinaryExpr))
    return [node for node in compared if str(node.op) in (*_BELOW, *_ABOVE, "==", "!=") and not is_guard(node)]


def takes_away(expr: str) -> bool:
    """Whether a part of it lowers what it reads, or leaves something out."""
    return any(isinstance(node, BinaryExpr) and str(node.op) in ("-", "unless") for node in nodes(parse(expr)))


def crossing_feed(expr: str, *, fails: bool) -> tuple[dict[str, str], ...]:
    """One gauge that makes every comparison in the expression hold while all fails (`fails`) or while all is well.

    Nothing where several series would have to move, or where a series is not compared as it is.
    """
    read = {str(one) for one in selectors(expr)}
    sides = {_side(node) for node in comparisons(expr)}
    if len(read) != 1 or len(sides) != 1 or None in sides:
        return ()
    held, not_held = next(side for side in sides if side)
    bad, well = (held, not_held) if fails else (not_held, held)
    try:
        series = example_series(selectors(expr)[0])
    except (NoExample, PromQLError):
        return ()
    return ({"series": series, "gauge": f"${{{bad:g} if v else {well:g}}}"},)


def _side(compared: BinaryExpr) -> tuple[float, float] | None:
    """A value for which the comparison holds, and one for which it does not."""
    if not isinstance(compared.rhs, NumberLiteral) or not _one_series(compared.lhs):
        return None
    bound = compared.rhs.val
    less, more = (0.0, 2 * bound) if bound > 0 else (bound - 1, bound + 1)
    operator = str(compared.op)
    if operator in _BELOW:
        return less, more
    return (more, less) if operator in _ABOVE else None


def _one_series(node: Expr) -> bool:
    """Whether it reads what a single series reads."""
    while isinstance(node, ParenExpr) or (isinstance(node, AggregateExpr) and str(node.op) in _SAME_OF_ONE):
        node = node.expr
    return isinstance(node, VectorSelector) and node.offset is None and node.at is None
