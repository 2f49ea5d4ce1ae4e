"""Whether a matcher is needless: what it keeps out is kept out elsewhere, so that no series can tell it apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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

from obsgen.promql.matcher import Matcher, Selector
from obsgen.promql.matching import (
    Recordings,
    grouping_of,
    is_scalar,
    matching_of,
    rules_of,
    text_arguments,
    vector_argument,
)
from obsgen.promql.parse import one_line, parse, selector_of

# What becomes of the series that only the expression without the matcher reads: there are none, they find no partner,
# they stand beside the others with the label that tells them apart, or they change the others.
Fate = Literal["none", "gone", "apart", "mixed"]

# Their results have labels of their own making, or none.
_MAKES_LABELS = frozenset({"absent", "absent_over_time", "scalar", "vector"})


def is_needless(expr: str, without: str, matcher: Matcher, recordings: Recordings) -> bool:
    """Whether the expression means the same without the matcher, whatever series there are.

    True only where that is certain. `without` is `expr` with the one matcher taken out of one selector.
    """
    return _Reading(matcher, recordings).fate(parse(expr), parse(without)) in ("none", "gone")


@dataclass(frozen=True, slots=True)
class _Reading:
    matcher: Matcher
    recordings: Recordings

    def fate(self, before: Expr, after: Expr) -> Fate:  # noqa: PLR0911 - one per kind of node
        """What becomes of what only the second of two nodes reads, which differ by the matcher at most."""
        if one_line(before) == one_line(after):
            return "none"
        match before, after:
            case VectorSelector(), VectorSelector():
                return "none" if self.holds(after) else "apart"
            case MatrixSelector(), MatrixSelector():
                return self.fate(before.vector_selector, after.vector_selector)
            case ((ParenExpr() | SubqueryExpr() | UnaryExpr()), (ParenExpr() | SubqueryExpr() | UnaryExpr())):
                return self.fate(before.expr, after.expr)
            case AggregateExpr(), AggregateExpr():
                return self._aggregated(before, after)
            case BinaryExpr(), BinaryExpr():
                return self._combined(before, after)
            case Call(), Call():
                return self._called(before, after)
        return "mixed"

    def holds(self, node: Expr) -> bool:  # noqa: PLR0911 - one per kind of node
        """Whether every result of the node passes the matcher."""
        match node:
            case VectorSelector():
                return self._selected(selector_of(node))
            case MatrixSelector():
                return self.holds(node.vector_selector)
            case ParenExpr() | SubqueryExpr() | UnaryExpr():
                return self.holds(node.expr)
            case AggregateExpr():
                return self._keeps(node) and self.holds(node.expr)
            case BinaryExpr():
                return self._either_holds(node)
            case Call():
                argument = vector_argument(node)
                return argument is not None and self._passes(node) and self.holds(argument)
        return False

    def _selected(self, selector: Selector) -> bool:
        own = [one for one in selector.matchers if one.name == self.matcher.name]
        if self.matcher in own or any(one.op == "=" and self.matcher.matches(one.value) for one in own):
            return True
        rules = rules_of(self.recordings, selector.metric)
        return bool(rules) and all(self._recorded(expr, added.get(self.matcher.name)) for expr, added in rules)

    def _recorded(self, expr: str, added: str | None) -> bool:
        return self.holds(parse(expr)) if added is None else self.matcher.matches(added)

    def _aggregated(self, before: AggregateExpr, after: AggregateExpr) -> Fate:
        inner = self.fate(before.expr, after.expr)
        return inner if inner != "apart" or self._keeps(after) else "mixed"

    def _keeps(self, node: AggregateExpr) -> bool:
        """`topk` chooses within a group: without the label in its grouping others could be chosen."""
        makes = node.param.val if isinstance(node.param, StringLiteral) else ""
        return grouping_of(node).keeps(self.matcher.name) and makes != self.matcher.name

    def _called(self, before: Call, after: Call) -> Fate:
        pairs = zip(before.args, after.args, strict=True)
        fates = [self.fate(*pair) for pair in pairs]
        inner = next((fate for fate in fates if fate != "none"), fates[0])
        return inner if inner != "apart" or self._passes(after) else "mixed"

    def _passes(self, node: Call) -> bool:
        """Whether the function leaves the label alone."""
        if node.func.name in {"label_replace", "label_join"}:
            return text_arguments(node)[0] != self.matcher.name
        return node.func.name not in _MAKES_LABELS and not (
            node.func.name == "histogram_quantile" and self.matcher.name == "le"
        )

    def _combined(self, before: BinaryExpr, after: BinaryExpr) -> Fate:
        left, right = self.fate(before.lhs, after.lhs), self.fate(before.rhs, after.rhs)
        inner, other = (left, after.rhs) if left != "none" else (right, after.lhs)
        if inner != "apart" or is_scalar(other):
            return inner
        matching = matching_of(after)
        if matching.fills or not matching.grouping.keeps(self.matcher.name):
            return "mixed"
        return self._met(str(after.op), other, on_left=left != "none")

    def _met(self, op: str, other: Expr, *, on_left: bool) -> Fate:
        """What is left of the series that stood apart, where the label is compared with the other side's."""
        if op == "unless":
            if on_left:
                return "apart"
            return "gone" if self.holds(other) else "mixed"
        if op == "or":
            return "apart" if not on_left or self.holds(other) else "mixed"
        return "gone" if self.holds(other) else "apart"

    def _either_holds(self, node: BinaryExpr) -> bool:
        if is_scalar(node.lhs) or is_scalar(node.rhs):
            return self.holds(node.rhs if is_scalar(node.lhs) else node.lhs)
        op, matching, label = str(node.op), matching_of(node), self.matcher.name
        left, right = self.holds(node.lhs), self.holds(node.rhs)
        if matching.fills or op == "or":
            return left and right and op == "or"
        if op in ("and", "unless"):
            return left or (op == "and" and right and matching.grouping.keeps(label))
        if matching.grouping.keeps(label):
            return left or right
        many = {"left": left, "right": right}.get(matching.many, False)
        return many and label not in matching.include
