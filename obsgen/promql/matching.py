"""What PromQL's functions and operators do to labels: the rules both label analyses share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from promql_parser import (
    AggModifierType,
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    LabelModifierType,
    NumberLiteral,
    ParenExpr,
    StringLiteral,
    UnaryExpr,
    ValueType,
    VectorMatchCardinality,
)

from obsgen.promql.matcher import Matcher

NAME: Final = "__name__"

SET_OPERATORS: Final = frozenset({"and", "or", "unless"})
COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})

# Aggregations that choose among their input's series and leave their labels alone.
CHOOSERS: Final = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})

# Functions whose result is still the same metric; all others drop its name.
# https://prometheus.io/docs/prometheus/latest/querying/functions/
NAME_KEEPERS: Final = frozenset(
    {
        "first_over_time",
        "info",
        "label_join",
        "label_replace",
        "last_over_time",
        "sort",
        "sort_by_label",
        "sort_by_label_desc",
        "sort_desc",
    }
)


class Recorded(Protocol):
    """A recording rule: what it computes and the labels it adds."""

    @property
    def expr(self) -> str:
        """The expression."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels set on each series."""


# What a recorded name stands for; several rules may record one name with different labels.
Recordings = Mapping[str, str | Recorded | Sequence[str | Recorded]]


@dataclass(frozen=True, slots=True)
class Grouping:
    """The labels that `by`/`on` name, or with `exclude` those that `without`/`ignoring` name."""

    labels: frozenset[str]
    exclude: bool

    def keeps(self, label: str) -> bool:
        """Whether the label takes part; the metric's name only where it is asked for."""
        return label not in self.labels and label != NAME if self.exclude else label in self.labels


@dataclass(frozen=True, slots=True)
class Matching:
    """How two vectors meet: labels compared, which side has many series, labels taken from the other."""

    grouping: Grouping
    many: str  # "" (one to one), "left" or "right"
    include: frozenset[str]
    fills: bool


def rules_of(recordings: Recordings, name: str) -> list[tuple[str, Mapping[str, str]]]:
    """Expression and added labels of each rule that records this name."""
    found = recordings.get(name, ())
    rules = [found] if isinstance(found, str) or not isinstance(found, Sequence) else found
    return [(rule, {}) if isinstance(rule, str) else (rule.expr, rule.labels) for rule in rules]


def is_scalar(node: Expr) -> bool:
    """Whether the expression is a number or text, and has no labels at all."""
    match node:
        case NumberLiteral() | StringLiteral():
            return True
        case ParenExpr() | UnaryExpr():
            return is_scalar(node.expr)
        case BinaryExpr():
            return is_scalar(node.lhs) and is_scalar(node.rhs)
        case Call():
            return bool(node.func.return_type == ValueType.Scalar)
    return False


def is_filter(node: BinaryExpr) -> bool:
    """Whether the operator lets samples through or not, and leaves the name of the metric alone."""
    return str(node.op) in COMPARISONS and not (node.modifier and node.modifier.return_bool)


def grouping_of(node: AggregateExpr) -> Grouping:
    """The `by` or `without` of an aggregation; neither is `by ()`."""
    if node.modifier is None:
        return Grouping(frozenset(), exclude=False)
    return Grouping(frozenset(node.modifier.labels), exclude=node.modifier.type == AggModifierType.Without)


def matching_of(node: BinaryExpr) -> Matching:
    """The matching of two vectors; none written is `ignoring ()`, one to one."""
    if node.modifier is None:
        return Matching(Grouping(frozenset(), exclude=True), "", frozenset(), fills=False)
    written = node.modifier.matching
    on = written is not None and written.type == LabelModifierType.Include
    fill = node.modifier.fill_values
    return Matching(
        Grouping(frozenset(written.labels if written else ()), exclude=not on),
        _many_side(node.modifier.card),
        frozenset(node.modifier.group_labels or ()),
        fills=fill is not None and (fill.lhs is not None or fill.rhs is not None),
    )


def _many_side(cardinality: VectorMatchCardinality) -> str:
    if cardinality == VectorMatchCardinality.ManyToOne:
        return "left"
    return "right" if cardinality == VectorMatchCardinality.OneToMany else ""


def vector_argument(node: Call) -> Expr | None:
    """The argument whose series a function works on: the first that is not a number or text."""
    return next((argument for argument in node.args if not is_scalar(argument)), None)


def text_arguments(node: Call) -> list[str]:
    """The string arguments of a call, in order."""
    return [argument.val for argument in map(bare, node.args) if isinstance(argument, StringLiteral)]


def bare(node: Expr) -> Expr:
    """The expression without the parentheses around it."""
    while isinstance(node, ParenExpr):
        node = node.expr
    return node


def absent_labels(matchers: Sequence[Matcher]) -> dict[str, str]:
    """The labels `absent` gives: those of equalities, unless another matcher names the label too.

    Prometheus 2.42 keeps the label of `job!="a",job="b"`, later versions do not.
    """
    names = [matcher.name for matcher in matchers]
    return {
        matcher.name: matcher.value
        for matcher in matchers
        if matcher.op == "=" and matcher.value and matcher.name != NAME and names.count(matcher.name) == 1
    }
