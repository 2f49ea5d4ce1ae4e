"""PromQL text to tree and back, and what a tree says about the series it reads."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import takewhile
from typing import Final

import promql_parser
from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    Function,
    MatrixSelector,
    NumberLiteral,
    ParenExpr,
    StringLiteral,
    SubqueryExpr,
    UnaryExpr,
    ValueType,
    VectorSelector,
)

from obsgen.promql.bounds import check_bounds
from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Matcher, MatchOperator, Selector, quote
from obsgen.promql.regex import compiled
from obsgen.units import LONGEST, Duration

__all__ = [
    "PromQLError",
    "RangeUse",
    "children",
    "duration",
    "longest_lookback",
    "metric_names",
    "nodes",
    "one_line",
    "parse",
    "prettify",
    "ranges",
    "selector_of",
    "selectors",
]

_STRINGS_AND_COMMENTS: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|`([^`]*)`|#[^\n]*')
_LITERAL_ALTERNATIVES: Final = re.compile(r"[a-zA-Z0-9_:]+(\|[a-zA-Z0-9_:]+)*")
_MILLISECOND: Final = timedelta(milliseconds=1)
# Every stage reads every expression once more: with fewer than a big stack has, each would parse them all again.
_MOST_EXPRESSIONS: Final = 2**18
_OPERATORS: Final[dict[str, MatchOperator]] = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}

# The parser follows the newest Prometheus; targets before 3.0 still have this function.
promql_parser.register_extra_functions(
    [
        Function(
            "holt_winters",
            [ValueType.Matrix, ValueType.Scalar, ValueType.Scalar],
            ValueType.Vector,
        )
    ]
)


@dataclass(frozen=True, slots=True)
class RangeUse:
    """A range selector or subquery: the function that reads it, its length, the metric ("" if not one)."""

    function: str
    range: Duration
    metric: str


@lru_cache(maxsize=_MOST_EXPRESSIONS)
def parse(expr: str) -> Expr:
    """The expression's tree, shared between callers; PromQLError where Prometheus would refuse it."""
    check_bounds(expr)
    try:
        tree: Expr = promql_parser.parse(_without_raw_strings(expr))
    except ValueError as error:
        raise PromQLError(str(error), expr) from None
    for node in nodes(tree):
        reason = _refused(node, expr)
        if reason:
            raise PromQLError(reason, expr)
    return tree


def number_in(expr: str) -> float:
    """The value of an expression that is a plain number; PromQLError where it is none."""
    tree = parse(expr)
    if not isinstance(tree, NumberLiteral):
        raise PromQLError("not a number", expr)
    value: float = tree.val
    return value


def prettify(expr: str) -> str:
    """The expression over several lines where it is long, matchers sorted; comments are lost."""
    lines = parse(expr).prettify().rstrip().split("\n")
    # The parser indents the left operand too; a YAML block had better not start with a space.
    while lines[0].startswith("  "):
        left = len(list(takewhile(lambda line: line.startswith("  "), lines)))
        lines[:left] = [line[2:] for line in lines[:left]]
    return "\n".join(lines)


def one_line(node: Expr) -> str:
    """A tree as text without line breaks."""
    return re.sub(r"\s*\n\s*", " ", re.sub(r"\(\n\s*", "(", re.sub(r"\n\s*\)", ")", node.prettify().strip())))


def children(node: Expr) -> tuple[Expr, ...]:
    """The operands directly below a node, an aggregation's parameter included."""
    match node:
        case AggregateExpr():
            return (node.param, node.expr) if isinstance(node.param, Expr) else (node.expr,)
        case UnaryExpr() | ParenExpr() | SubqueryExpr():
            return (node.expr,)
        case BinaryExpr():
            return (node.lhs, node.rhs)
        case Call():
            return tuple(node.args)
        case MatrixSelector():
            return (node.vector_selector,)
    return ()


def nodes(tree: Expr) -> Iterator[Expr]:
    """The tree's nodes, parents first, from left to right."""
    yield tree
    for child in children(tree):
        yield from nodes(child)


def selector_of(node: VectorSelector) -> Selector:
    """The selector a node stands for; `{__name__="up"}` is `up`."""
    matchers = tuple(
        Matcher(found.name, _OPERATORS[str(found.op).rpartition(".")[2]], found.value)
        for found in node.matchers.matchers
    )
    named = next((m for m in matchers if m.name == "__name__" and m.op == "="), None)
    if node.name or named is None:
        return Selector(node.name or "", matchers)
    return Selector(named.value, tuple(matcher for matcher in matchers if matcher is not named))


# Every stage asks what the same expressions read, and a walk through the parser's tree copies it node by node.
@lru_cache(maxsize=_MOST_EXPRESSIONS)
def selectors(expr: str) -> tuple[Selector, ...]:
    """Each vector selector, from left to right."""
    return tuple(selector_of(node) for node in nodes(parse(expr)) if isinstance(node, VectorSelector))


@lru_cache(maxsize=_MOST_EXPRESSIONS)
def metric_names(expr: str) -> frozenset[str]:
    """The metrics read by name, `{__name__=~"a|b"}` counting as both."""
    names: set[str] = set()
    for selector in selectors(expr):
        names.add(selector.metric)
        for matcher in selector.matchers:
            if (matcher.name, matcher.op) == ("__name__", "=~") and _LITERAL_ALTERNATIVES.fullmatch(matcher.value):
                names.update(matcher.value.split("|"))
    return frozenset(names - {""})


@lru_cache(maxsize=_MOST_EXPRESSIONS)
def ranges(expr: str) -> tuple[RangeUse, ...]:
    """Each range selector and subquery, from left to right, a subquery before what it contains."""
    return tuple(_ranges(parse(expr), ""))


def longest_lookback(expr: str) -> Duration:
    """How far back the expression reads in all: ranges and offsets add up through subqueries.

    An instant selector alone counts 0, and `@` is read as if it were not there.
    """
    return Duration(max(0, _lookback(parse(expr))))


def duration(span: timedelta | None) -> Duration:
    """The parser's time span, which may be negative, in our own terms."""
    return Duration((span or timedelta()) // _MILLISECOND)


def _without_raw_strings(expr: str) -> str:
    """The parser reads escapes inside `backticks`, where Prometheus reads none."""
    if "`" not in expr:
        return expr
    return _STRINGS_AND_COMMENTS.sub(lambda m: m[0] if m[1] is None else quote(m[1]), expr)


def _refused(node: Expr, expr: str) -> str | None:
    """Why Prometheus refuses what the parser takes."""
    match node:
        case VectorSelector() if node.matchers.or_matchers:
            return "matchers cannot be joined with 'or': use a pattern such as label=~\"a|b\""
        case MatrixSelector() | SubqueryExpr() if duration(node.range) > LONGEST:
            return f"a range is longer than {LONGEST}"
        case VectorSelector() | SubqueryExpr() if abs(duration(node.offset).milliseconds) > LONGEST.milliseconds:
            return f"an offset is longer than {LONGEST}"
        case VectorSelector() if "~" in expr:
            patterns = [m.value for m in selector_of(node).matchers if m.op in {"=~", "!~"}]
        case Call() if node.func.name == "label_replace" and isinstance(node.args[4], StringLiteral):
            patterns = [node.args[4].val]
        case NumberLiteral() if math.isinf(node.val) and "inf" not in expr.lower():
            return "a number is too large for 64 bits"
        case _:
            return None
    return next((reason for reason in map(_refused_pattern, patterns) if reason), None)


def _refused_pattern(pattern: str) -> str | None:
    try:
        compiled(pattern)
    except PromQLError as error:
        return error.message
    return None


def _ranges(node: Expr, function: str) -> Iterator[RangeUse]:
    match node:
        case MatrixSelector():
            yield RangeUse(function, duration(node.range), selector_of(node.vector_selector).metric)
        case SubqueryExpr():
            inside = {selector_of(n).metric for n in nodes(node.expr) if isinstance(n, VectorSelector)}
            yield RangeUse(function, duration(node.range), inside.pop() if len(inside) == 1 else "")
    inner = node.func.name if isinstance(node, Call) else function if isinstance(node, ParenExpr) else ""
    for child in children(node):
        yield from _ranges(child, inner)


def _lookback(node: Expr) -> int:
    below = max((_lookback(child) for child in children(node)), default=0)
    match node:
        case VectorSelector():
            return duration(node.offset).milliseconds
        case MatrixSelector():
            return duration(node.range).milliseconds + below
        case SubqueryExpr():
            return (duration(node.range) + duration(node.offset)).milliseconds + below
    return below
