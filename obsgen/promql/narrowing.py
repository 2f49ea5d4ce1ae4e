"""An expression narrowed to the results that carry certain labels, by matchers in the selectors below it.

PromQL has no filter on results. A matcher may move down through an operation only where the label comes out as it went
in: then the narrowed expression gives exactly those results of the whole one that the matchers let through, so that
expressions narrowed to disjoint labels never give the same series.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import promql_parser
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

from obsgen.promql.label_flow import flow_of
from obsgen.promql.matcher import Matcher
from obsgen.promql.matching import (
    SET_OPERATORS,
    Recordings,
    grouping_of,
    is_scalar,
    matching_of,
    text_arguments,
    vector_argument,
)
from obsgen.promql.parse import nodes, one_line, parse, selector_of
from obsgen.promql.selector import extended_selector

# Their results have labels of their own making, or some of another metric.
_MAKE_LABELS = frozenset({"absent", "absent_over_time", "info", "scalar", "vector"})


class CannotNarrow(Exception):  # noqa: N818 - becomes a diagnostic, once someone knows the place
    """No matcher on the label `label` can be moved below an operation; the message says which."""

    def __init__(self, label: str, because: str) -> None:
        super().__init__(because)
        self.label = label


def narrowed(expr: str, matchers: Sequence[Matcher], recordings: Recordings | None = None) -> str:
    """The expression on one line, giving only the results that all the matchers let through; or `CannotNarrow`."""
    tree = parse(expr)
    every = [node for node in nodes(tree) if isinstance(node, VectorSelector)]
    added: list[list[Matcher]] = [[] for _ in every]
    for matcher in matchers:
        marks = _Narrowing(matcher.name, recordings or {}).marks(tree, wanted=True)
        for selected, marked in zip(added, marks, strict=True):
            selected.extend([matcher] if marked else [])
    # transform() visits the selectors from left to right, as nodes() does.
    left = iter(added)

    def extend(node: Expr) -> Expr | None:
        return extended_selector(node, next(left)) if isinstance(node, VectorSelector) else None

    return one_line(promql_parser.transform(promql_parser.parse(one_line(tree)), post_visit=extend))


@dataclass(frozen=True, slots=True)
class _Narrowing:
    label: str
    recordings: Recordings

    def marks(self, node: Expr, *, wanted: bool) -> Iterator[bool]:
        """For each selector from left to right whether it takes the matcher."""
        match node:
            case VectorSelector():
                if wanted and not flow_of(node, self.recordings).can_have(self.label):
                    raise self._refusal(f"'{selector_of(node).metric}' has no such label")
                yield wanted
            case MatrixSelector():
                yield from self.marks(node.vector_selector, wanted=wanted)
            case ParenExpr() | SubqueryExpr() | UnaryExpr():
                yield from self.marks(node.expr, wanted=wanted)
            case AggregateExpr():
                yield from self._aggregated(node, wanted=wanted)
            case BinaryExpr():
                yield from self._combined(node, wanted=wanted)
            case Call():
                yield from self._called(node, wanted=wanted)
            case _ if wanted:
                raise self._refusal("a number has no labels")

    def _aggregated(self, node: AggregateExpr, *, wanted: bool) -> Iterator[bool]:
        makes = node.param.val if isinstance(node.param, StringLiteral) else ""
        if wanted and (makes == self.label or not grouping_of(node).keeps(self.label)):
            raise self._refusal(f"'{node.op}' does not keep it")
        if isinstance(node.param, Expr):
            yield from self.marks(node.param, wanted=False)
        yield from self.marks(node.expr, wanted=wanted)

    def _called(self, node: Call, *, wanted: bool) -> Iterator[bool]:
        through = vector_argument(node)
        if wanted and (through is None or not self._passes(node)):
            raise self._refusal(f"'{node.func.name}' makes its labels itself")
        for argument in node.args:
            yield from self.marks(argument, wanted=wanted and not is_scalar(argument))

    def _passes(self, node: Call) -> bool:
        name = node.func.name
        if name in {"label_replace", "label_join"}:
            return text_arguments(node)[0] != self.label
        return name not in _MAKE_LABELS and not (name.startswith("histogram_quantile") and self.label == "le")

    def _combined(self, node: BinaryExpr, *, wanted: bool) -> Iterator[bool]:
        left, right = self._sides(node) if wanted else (False, False)
        yield from self._side(node.lhs, needed=left)
        yield from self._side(node.rhs, needed=right)

    def _side(self, node: Expr, *, needed: bool | None) -> Iterator[bool]:
        """One operand; `needed` None asks for the matcher where it can be had, for less to compute."""
        if needed is not None:
            yield from self.marks(node, wanted=needed)
            return
        try:
            found = list(self.marks(node, wanted=True))
        except CannotNarrow:
            found = list(self.marks(node, wanted=False))
        yield from found

    def _sides(self, node: BinaryExpr) -> tuple[bool | None, bool | None]:
        """Which operands must be narrowed; None for one that finds no partner anyway where it is not."""
        if is_scalar(node.lhs) or is_scalar(node.rhs):
            return not is_scalar(node.lhs), not is_scalar(node.rhs)
        op, matching = str(node.op), matching_of(node)
        met = matching.grouping.keeps(self.label)
        if matching.fills or (op == "or" and not met):
            raise self._refusal(f"'{op}' compares its sides without it")
        if op == "or":
            return True, True
        if op in SET_OPERATORS:
            return True, None if met else False
        if self.label in matching.include:
            return (False, True) if matching.many == "left" else (True, False)
        if matching.many:
            other = None if met else False
            return (True, other) if matching.many == "left" else (other, True)
        if not met:
            raise self._refusal(f"'{op}' compares its sides without it, and so drops it")
        return True, None

    def _refusal(self, because: str) -> CannotNarrow:
        return CannotNarrow(self.label, because)
