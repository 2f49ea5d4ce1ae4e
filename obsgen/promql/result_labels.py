"""The label sets an expression gives for known input series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
    ParenExpr,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)

from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Matcher
from obsgen.promql.matching import (
    CHOOSERS,
    NAME,
    NAME_KEEPERS,
    SET_OPERATORS,
    Grouping,
    Matching,
    Recordings,
    absent_labels,
    bare,
    grouping_of,
    is_filter,
    is_scalar,
    matching_of,
    rules_of,
    text_arguments,
    vector_argument,
)
from obsgen.promql.parse import nodes, parse, selector_of
from obsgen.promql.regex import compiled

Labels = dict[str, str]

_GROUP_NUMBER = re.compile(r"[0-9]{1,4}")
_TEMPLATE_GROUP = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")


def result_labels(expr: str, series: Sequence[Mapping[str, str]], recordings: Recordings | None = None) -> list[Labels]:
    """The label sets that come out, sorted, if every comparison passes and every value exists.

    Series carry their name in `__name__`; so do results where PromQL keeps it. A selector on a recorded
    name also reads what its rules give. The label that `count_values` adds is left out: its values are
    unknown. A vector matching that Prometheus would refuse as many-to-many yields all its pairs.
    """
    known = [{name: value for name, value in labels.items() if value} for labels in series]
    return _Evaluation(known, recordings or {}, frozenset()).of(parse(expr))


@dataclass(frozen=True, slots=True)
class _Evaluation:
    series: Sequence[Labels]
    recordings: Recordings
    expanding: frozenset[str]

    def of(self, node: Expr) -> list[Labels]:
        return _distinct(self._of(node))

    def _of(self, node: Expr) -> Iterable[Labels]:  # noqa: PLR0911 - one per kind of node
        match node:
            case VectorSelector():
                return self._selected(node)
            case MatrixSelector():
                return self.of(node.vector_selector)
            case ParenExpr() | SubqueryExpr():
                return self.of(node.expr)
            case _ if is_scalar(node):
                return [{}]
            case UnaryExpr():
                return map(_nameless, self.of(node.expr))
            case AggregateExpr():
                return self._aggregated(node)
            case BinaryExpr():
                return self._combined(node)
            case Call():
                return self._called(node)
        return []

    def _selected(self, node: VectorSelector) -> Iterable[Labels]:
        selector = selector_of(node)
        names = [Matcher(NAME, "=", selector.metric)] if selector.metric else selector.matchers
        recorded = [
            labels
            for name in ([selector.metric] if selector.metric else self.recordings)
            if name in self.recordings and all(matcher.matches(name) for matcher in names if matcher.name == NAME)
            for labels in self._recorded(name)
        ]
        return [dict(labels) for labels in [*self.series, *recorded] if selector.matches(labels)]

    def _recorded(self, name: str) -> Iterable[Labels]:
        if name in self.expanding:
            return
        inner = _Evaluation(self.series, self.recordings, self.expanding | {name})
        for expr, added in rules_of(self.recordings, name):
            for labels in inner.of(parse(expr)):
                full = labels | dict(added) | {NAME: name}
                yield {label: value for label, value in full.items() if value}

    def _aggregated(self, node: AggregateExpr) -> Iterable[Labels]:
        operand = self.of(node.expr)
        if str(node.op) in CHOOSERS:
            return operand
        return [_part(labels, grouping_of(node)) for labels in operand]

    def _combined(self, node: BinaryExpr) -> Iterable[Labels]:
        left, right = self.of(node.lhs), self.of(node.rhs)
        keep = is_filter(node)
        if is_scalar(node.lhs) or is_scalar(node.rhs):
            vector = right if is_scalar(node.lhs) else left
            return vector if keep else map(_nameless, vector)
        matching = matching_of(node)
        if matching.fills:
            msg = "the labels that fill() adds are not understood: write the missing side with 'or' instead"
            raise PromQLError(msg)
        if str(node.op) == "unless" and _looks_back(node.rhs):
            return left  # what is new or has not changed since then: the inputs had not begun
        if str(node.op) in SET_OPERATORS:
            return _set_operation(str(node.op), (left, right), matching.grouping)
        joined = _joined((left, right), matching)
        return joined if keep else map(_nameless, joined)

    def _called(self, node: Call) -> Iterable[Labels]:
        name = node.func.name
        argument = vector_argument(node)
        if argument is None:
            return [{}]
        operand = self.of(argument)
        match name:
            case "absent" | "absent_over_time":
                return [] if operand else [_absent(argument)]
            case "label_replace":
                return [_replaced(labels, *text_arguments(node)) for labels in operand]
            case "label_join":
                return [_label_joined(labels, text_arguments(node)) for labels in operand]
            case "histogram_quantile" | "histogram_fraction" | "histogram_quantiles":
                return _histograms(operand)
        return operand if name in NAME_KEEPERS else map(_nameless, operand)


def _distinct(results: Iterable[Labels]) -> list[Labels]:
    return [dict(key) for key in sorted({tuple(sorted(labels.items())) for labels in results})]


def _nameless(labels: Labels) -> Labels:
    return {label: value for label, value in labels.items() if label != NAME}


def _part(labels: Labels, grouping: Grouping) -> Labels:
    return {label: value for label, value in labels.items() if grouping.keeps(label)}


def _signature(labels: Labels, grouping: Grouping) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_part(labels, grouping).items()))


def _set_operation(op: str, sides: tuple[list[Labels], list[Labels]], grouping: Grouping) -> list[Labels]:
    left, right = sides
    if op == "or":
        taken = {_signature(labels, grouping) for labels in left}
        return left + [labels for labels in right if _signature(labels, grouping) not in taken]
    met = {_signature(labels, grouping) for labels in right}
    return [labels for labels in left if (_signature(labels, grouping) in met) == (op == "and")]


def _looks_back(node: Expr) -> bool:
    """Whether the operand reads the past: what is old, or has changed since. Inputs that begin and stay are neither."""
    return any(isinstance(one, VectorSelector) and (one.offset or timedelta()) > timedelta() for one in nodes(node))


def _joined(sides: tuple[list[Labels], list[Labels]], matching: Matching) -> Iterable[Labels]:
    many, one = reversed(sides) if matching.many == "right" else sides
    partners: dict[tuple[tuple[str, str], ...], list[Labels]] = {}
    for labels in one:
        partners.setdefault(_signature(labels, matching.grouping), []).append(labels)
    for labels in many:
        for partner in partners.get(_signature(labels, matching.grouping), ()):
            yield _pair(labels, partner, matching)


def _pair(many: Labels, one: Labels, matching: Matching) -> Labels:
    if not matching.many:
        # Unlike an aggregation, `ignoring` removes only what it names: a filter's metric name stays.
        grouping = matching.grouping
        return {n: v for n, v in many.items() if (n not in grouping.labels) == grouping.exclude}
    rest = {label: value for label, value in many.items() if label not in matching.include}
    return rest | {label: one[label] for label in matching.include if label in one}


def _absent(argument: Expr) -> Labels:
    operand = bare(argument)
    if isinstance(operand, MatrixSelector):
        operand = operand.vector_selector
    return absent_labels(selector_of(operand).matchers) if isinstance(operand, VectorSelector) else {}


def _replaced(labels: Labels, target: str, replacement: str, source: str, pattern: str) -> Labels:
    found = compiled(pattern).fullmatch(labels.get(source, ""))
    return _with_label(labels, target, _expanded(replacement, found)) if found else labels


def _expanded(template: str, found: Any) -> str:
    """Go's Regexp.Expand: an unknown group is empty, `$$` is a dollar sign."""

    def group(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        name = reference[2] or reference[3]
        key = int(name) if _GROUP_NUMBER.fullmatch(name) else name
        known = key <= len(found.groups()) if isinstance(key, int) else key in found.groupdict()
        return (found[key] or "") if known else ""

    return _TEMPLATE_GROUP.sub(group, template)


def _label_joined(labels: Labels, texts: Sequence[str]) -> Labels:
    target, separator, *sources = texts
    return _with_label(labels, target, separator.join(labels.get(source, "") for source in sources))


def _with_label(labels: Labels, label: str, value: str) -> Labels:
    rest = {name: held for name, held in labels.items() if name != label}
    return rest | {label: value} if value else rest


def _histograms(operand: list[Labels]) -> Iterable[Labels]:
    """Without buckets at all the series are taken for native histograms."""
    buckets = [labels for labels in operand if _is_bound(labels.get("le", ""))]
    return [_part(labels, Grouping(frozenset({"le"}), exclude=True)) for labels in buckets or operand]


def _is_bound(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
