"""Topics without what would stay empty, because the installation does not bring its series."""

from __future__ import annotations

from dataclasses import replace

from obsgen.ir.topics import Entry, Note, TopicRow, TopicView
from obsgen.model.stack import Stack
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import metric_names
from obsgen.resolve.lacking import Lacking

# What Grafana puts in place of a range, as PromQL can be read with.
_RANGES = {"$__rate_interval": "5m", "$__interval": "1m", "$__range": "1h"}
# Of these topics ask without naming a job: their names begin with the source's.
_ASKED_BY_NAME = ("prometheus", "alertmanager")


class Arriving:
    """What of a topic has an answer in this stack."""

    def __init__(self, stack: Stack) -> None:
        sources = {f"{one.name}.{name}": source for one in stack.components for name, source in one.sources.items()}
        self._lacking = Lacking(sources, (record for one in stack.components for record in one.left_out.recordings))
        absent = {one.name for one in sources.values() if one.absent}
        self._silent = tuple(f"{name}_" for name in _ASKED_BY_NAME if name in absent)

    def of(self, view: TopicView) -> TopicView | None:
        """The view with the queries that have an answer; None where none is left, or nothing to choose from."""
        if any(self._lacking.of_metric(one.metric) or self._lacks(one.metric) for one in view.variables):
            return None
        pairs = [(row, replace(row, entries=self._entries(row))) for row in view.rows]
        rows = tuple(kept for row, kept in pairs if _asks(kept) or not _asks(row))
        return replace(view, rows=rows) if any(map(_asks, rows)) else None

    def _entries(self, row: TopicRow) -> tuple[Entry, ...]:
        return tuple(kept for entry in row.entries if (kept := self._entry(entry)))

    def _entry(self, entry: Entry) -> Entry | None:
        if isinstance(entry, Note):
            return entry
        asked = tuple(one for one in entry.asked if not self._lacks(one.expr))
        return replace(entry, asked=asked) if asked else None

    def _lacks(self, expr: str) -> bool:
        for written, span in _RANGES.items():
            expr = expr.replace(written, span)
        return self._lacking.of(expr) or bool(self._silent and self._unheard(expr))

    def _unheard(self, expr: str) -> bool:
        try:
            return any(name.startswith(self._silent) for name in metric_names(expr))
        except PromQLError:
            return False  # noted where panels are checked


def _asks(row: TopicRow) -> bool:
    return any(not isinstance(entry, Note) for entry in row.entries)
