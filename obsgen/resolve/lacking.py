"""What is left out because the installation does not bring the series that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from promql_parser import BinaryExpr, Expr, VectorSelector

from obsgen.diagnostics import Diagnostic, Location
from obsgen.model.source import Source
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import children, parse, selector_of

# A minimal profile lacks a hundred metrics; three show what kind they are.
_NAMED = 3


class Lacking:
    """Remembers which expressions read what does not arrive, and why."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = [one for one in sources.values() if one.absent or one.drops or one.keeps]
        self._records = set[str]()
        self.signals = set[str]()
        self.alerts = set[str]()
        self._reasons: dict[str, None] = {}

    def of(self, expr: str) -> bool:
        """Whether something that the expression needs does not arrive."""
        if not self._sources:
            return False
        try:
            reasons = dict.fromkeys(self._reasons_for(parse(expr)))
        except PromQLError:
            return False  # noted where the expression was read
        self._reasons |= reasons
        return bool(reasons)

    def of_recording(self, record: str, expr: str) -> bool:
        """The same for a recording, which takes with it whatever reads it."""
        if lacks := self.of(expr):
            self._records.add(record)
        return lacks

    def _reasons_for(self, node: Expr) -> list[str]:
        if isinstance(node, VectorSelector):
            return list(self._of_selector(node))
        sides = [self._reasons_for(child) for child in children(node)]
        if isinstance(node, BinaryExpr) and str(node.op) == "or" and not all(sides):
            return []  # one side is enough
        return [reason for side in sides for reason in side]

    def _of_selector(self, node: VectorSelector) -> Iterator[str]:
        selector = selector_of(node)
        if selector.metric in self._records:
            yield ""
        for source in self._sources:
            if source.gives(selector.matchers) and (reason := source.lacks(selector.metric)):
                yield reason

    def note(self, component: str, where: Location) -> Diagnostic | None:
        """What was left out and why, in one line; None where nothing was."""
        reasons = [reason for reason in self._reasons if reason]
        if not reasons:
            return None
        named = "; ".join(reasons[:_NAMED]) + (f"; and {len(reasons) - _NAMED} more" if len(reasons) > _NAMED else "")
        count = f"{len(self.alerts)} alert{'' if len(self.alerts) == 1 else 's'}"
        remedies = list(dict.fromkeys(one.keeps.remedy for one in self._sources if one.keeps))
        hint = "; ".join(remedies) or "have the metrics scraped, or accept that nothing watches them"
        return Diagnostic("OBS262", f"'{component}' goes without {count}: {named}", where, hint, "warning")
