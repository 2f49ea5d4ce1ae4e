"""Which labels an expression can give, whatever its input series are."""

from __future__ import annotations

from dataclasses import dataclass

from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Call,
    Expr,
    MatrixSelector,
    ParenExpr,
    StringLiteral,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)

from obsgen.promql.flow import (
    ANYTHING,
    NO_LABELS,
    LabelFlow,
    dropped,
    either,
    met,
    part,
    with_label,
)
from obsgen.promql.matcher import Matcher, Selector
from obsgen.promql.matching import (
    CHOOSERS,
    NAME,
    NAME_KEEPERS,
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
from obsgen.promql.parse import parse, selector_of
from obsgen.promql.regex import compiled


def label_flow(expr: str, recordings: Recordings | None = None) -> LabelFlow:
    """What is certain about the labels of the expression's results, recorded names read through."""
    return flow_of(parse(expr), recordings or {})


def flow_of(node: Expr, recordings: Recordings) -> LabelFlow:
    """The flow of a part of an expression."""
    return _Analysis(recordings, frozenset()).of(node)


@dataclass(frozen=True, slots=True)
class _Analysis:
    recordings: Recordings
    expanding: frozenset[str]

    def of(self, node: Expr) -> LabelFlow:  # noqa: PLR0911 - one per kind of node
        match node:
            case VectorSelector():
                return self._selected(selector_of(node))
            case MatrixSelector():
                return self.of(node.vector_selector)
            case ParenExpr() | SubqueryExpr():
                return self.of(node.expr)
            case _ if is_scalar(node):
                return NO_LABELS
            case UnaryExpr():
                return dropped(self.of(node.expr), [NAME])
            case AggregateExpr():
                return self._aggregated(node)
            case BinaryExpr():
                return self._combined(node)
            case Call():
                return self._called(node)
        return ANYTHING

    def _selected(self, selector: Selector) -> LabelFlow:
        flow = self._recorded(selector.metric) or ANYTHING
        named = (Matcher(NAME, "=", selector.metric),) if selector.metric else ()
        for matcher in (*named, *selector.matchers):
            empty = matcher.matches("")
            only_empty = empty and (matcher.op, matcher.value) in {("=", ""), ("=~", ""), ("!~", ".+")}
            flow = with_label(
                flow,
                matcher.name,
                can=flow.can_have(matcher.name) and not only_empty,
                sure=flow.surely_has(matcher.name) or not empty,
            )
        return flow

    def _recorded(self, name: str) -> LabelFlow | None:
        rules = rules_of(self.recordings, name)
        if not rules or name in self.expanding:
            return None
        inner = _Analysis(self.recordings, self.expanding | {name})
        flows = []
        for expr, added in rules:
            flow = inner.of(parse(expr))
            for label, value in {**added, NAME: name}.items():
                flow = with_label(flow, label, can=bool(value), sure=bool(value))
            flows.append(flow)
        return either(flows)

    def _aggregated(self, node: AggregateExpr) -> LabelFlow:
        operand = self.of(node.expr)
        if str(node.op) in CHOOSERS:
            return operand
        flow = part(operand, grouping_of(node))
        if str(node.op) == "count_values" and isinstance(node.param, StringLiteral):
            return with_label(flow, node.param.val, can=True, sure=True)
        return flow

    def _combined(self, node: BinaryExpr) -> LabelFlow:
        left, right = self.of(node.lhs), self.of(node.rhs)
        keep = is_filter(node)
        if is_scalar(node.lhs) or is_scalar(node.rhs):
            vector = right if is_scalar(node.lhs) else left
            return vector if keep else dropped(vector, [NAME])
        matching = matching_of(node)
        match str(node.op):
            case _ if matching.fills:
                return ANYTHING
            case "or":
                return either([left, right])
            case "and":
                return met(left, right, matching.grouping)
            case "unless":
                return left
        joined = _joined(left, right, matching)
        return joined if keep else dropped(joined, [NAME])

    def _called(self, node: Call) -> LabelFlow:  # noqa: PLR0911 - one per kind of function
        argument = vector_argument(node)
        if argument is None:
            return NO_LABELS
        operand = self.of(argument)
        match node.func.name:
            case "absent" | "absent_over_time":
                return _absent(argument)
            case "label_replace":
                return _replaced(operand, *text_arguments(node))
            case "label_join":
                target, separator, *sources = text_arguments(node)
                padded = bool(separator) and len(sources) > 1
                return with_label(
                    operand,
                    target,
                    can=padded or any(map(operand.can_have, sources)),
                    sure=padded or any(map(operand.surely_has, sources)),
                )
            case "histogram_quantile" | "histogram_fraction":
                return dropped(operand, ["le", NAME])
            case "histogram_quantiles" | "info":
                return LabelFlow(None, operand.guaranteed - {"le", NAME})
        return operand if node.func.name in NAME_KEEPERS else dropped(operand, [NAME])


def _joined(left: LabelFlow, right: LabelFlow, matching: Matching) -> LabelFlow:
    many, one = (right, left) if matching.many == "right" else (left, right)
    joined = met(many, one, matching.grouping)
    if matching.many:
        for label in matching.include:
            joined = with_label(joined, label, can=one.can_have(label), sure=one.surely_has(label))
        return joined
    grouping = matching.grouping
    return dropped(joined, grouping.labels) if grouping.exclude else part(joined, grouping)


def _absent(argument: Expr) -> LabelFlow:
    operand = bare(argument)
    if isinstance(operand, MatrixSelector):
        operand = operand.vector_selector
    if not isinstance(operand, VectorSelector):
        return NO_LABELS
    labels = frozenset(absent_labels(selector_of(operand).matchers))
    return LabelFlow(labels, labels)


def _replaced(flow: LabelFlow, target: str, replacement: str, source: str, pattern: str) -> LabelFlow:
    """`label_replace`: the target is written where the pattern matches, else it stays."""
    matches_empty = compiled(pattern).fullmatch("") is not None
    if not matches_empty and not flow.can_have(source):
        return flow
    always = pattern in {"(.*)", ".*"} or (matches_empty and not flow.can_have(source))
    always = always or (pattern in {"(.+)", ".+"} and flow.surely_has(source))
    copies = replacement in {"$1", "${1}"} and pattern in {"(.*)", "(.+)"}
    can_write = flow.can_have(source) if copies else bool(replacement)
    surely_writes = flow.surely_has(source) if copies else bool(replacement) and "$" not in replacement
    return with_label(
        flow,
        target,
        can=can_write or (not always and flow.can_have(target)),
        sure=surely_writes and (always or flow.surely_has(target)),
    )
