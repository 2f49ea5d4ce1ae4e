"""What is left out because the installation does not bring the series that it reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from promql_parser import BinaryExpr, Expr, NumberLiteral, ParenExpr, VectorSelector

from obsgen.diagnostics import Diagnostic, Location
from obsgen.model.left_out import LeftOut
from obsgen.model.source import Source
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import children, nodes, parse, selector_of
from obsgen.spec.template import thresholds_in

# A minimal profile lacks a hundred metrics; three show what kind they are.
_NAMED = 3
_Reason = tuple[str, str]
"""A metric, and why it does not arrive."""


class Lacking:
    """Remembers which expressions read what does not arrive, and why."""

    def __init__(self, sources: Mapping[str, Source], records: Iterable[str] = ()) -> None:
        self._declared = tuple(sources.values())
        self._sources = [one for one in self._declared if one.absent or one.drops or one.keeps]
        self.records = set(records)
        """Recordings that are left out."""
        self.signals = set[str]()
        self.alerts = set[str]()
        self.objectives = set[str]()
        self.thresholds = set[str]()
        """Thresholds that nothing compares with any more, perhaps, as an alert that does is left out."""
        self._reasons: dict[str, dict[str, None]] = {}
        """By what is said of them, the metrics; none where it is said of a whole source."""
        self._remedies: dict[str, None] = {}

    def of(self, expr: str) -> bool:
        """Whether something that the expression needs does not arrive."""
        if not (self._sources or self.records):
            return False
        try:
            reasons = self._reasons_for(parse(expr))
        except PromQLError:
            return False  # noted where the expression was read
        for metric, why in reasons:
            said = self._reasons.setdefault(why.removesuffix(metric), {})
            said |= {metric: None} if why.endswith(metric) else {}
        return bool(reasons)

    def lacks(self, expr: str) -> bool:
        """The same for what can be done without, of which nothing is said."""
        return bool((self._sources or self.records) and self._reasons_for(parse(expr)))

    def of_recording(self, record: str, expr: str) -> bool:
        """The same for a recording, which takes with it whatever reads it."""
        if lacks := self.of(expr):
            self.records.add(record)
        return lacks

    def of_metric(self, metric: str) -> bool:
        """Whether no source of the component brings the metric."""
        return bool(self._declared) and all(one.lacks(metric) for one in self._declared)

    def leave_out(self, alert: str, texts: Iterable[str]) -> None:
        """Remember an alert that goes, and what it compares with, as written."""
        self.alerts.add(alert)
        self.thresholds |= thresholds_in(texts)

    def left_out(self) -> LeftOut:
        """All of it, by name."""
        found = (self.records, self.signals, self.alerts, self.objectives)
        return LeftOut(*(tuple(sorted(names)) for names in found))

    def _reasons_for(self, node: Expr) -> list[_Reason]:
        if isinstance(node, VectorSelector):
            return list(self._of_selector(node))
        sides = [self._reasons_for(child) for child in children(node)]
        if isinstance(node, BinaryExpr) and str(node.op) == "or" and not all(_of_answers(node, sides)):
            return []  # one side is enough
        return [reason for side in sides for reason in side]

    def _of_selector(self, node: VectorSelector) -> Iterator[_Reason]:
        selector = selector_of(node)
        if selector.metric in self.records:
            yield selector.metric, selector.metric
        for source in self._sources:
            if source.gives(selector.matchers) and (reason := source.lacks(selector.metric, selector.matchers)):
                if source.keeps and source.keeps.leaves_out(selector.metric) and not source.absent:
                    self._remedies[source.keeps.remedy] = None
                yield selector.metric, reason

    def note(self, component: str, where: Location, *, whole: bool) -> Diagnostic | None:
        """What was left out and why, in one line; None where nothing was."""
        # Recordings that are left out have no reason of their own.
        reasons = [why + _some(list(metrics)) for why, metrics in self._reasons.items() if why]
        if not reasons:
            return None
        gone = "is left out" if whole else f"goes without {self._counted()}"
        hint = "; ".join(self._remedies) or "have the metrics scraped, or accept that nothing watches them"
        return Diagnostic("OBS262", f"'{component}' {gone}: {'; '.join(reasons)}", where, hint, "warning")

    def _counted(self) -> str:
        things = {"alert": len(self.alerts), "objective": len(self.objectives), "signal": len(self.signals)}
        return (
            " and ".join(
                f"{count} {noun}{'' if count == 1 else 's'}"
                for noun, count in things.items()
                if count and noun != "signal"
            )
            or f"{things['signal']} panel{'' if things['signal'] == 1 else 's'}"
        )


def _some(metrics: list[str]) -> str:
    more = f" and {len(metrics) - _NAMED} more" if len(metrics) > _NAMED else ""
    return ", ".join(metrics[:_NAMED]) + more


def _of_answers(node: Expr, sides: list[list[_Reason]]) -> list[list[_Reason]]:
    """The reasons of those sides of an `or` that say something: `or vector(0)` and `or x * 0` only fill up."""
    return [side for side, child in zip(sides, children(node), strict=True) if not _fills(child)]


def _fills(node: Expr) -> bool:
    if isinstance(node, ParenExpr):
        return _fills(node.expr)
    if isinstance(node, BinaryExpr) and str(node.op) == "*":
        return any(isinstance(side, NumberLiteral) and side.val == 0 for side in children(node))
    return not any(isinstance(one, VectorSelector) for one in nodes(node))
