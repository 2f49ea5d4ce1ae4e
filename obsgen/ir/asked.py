"""The queries of dashboards, apart from how they are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from obsgen.diagnostics import Location
from obsgen.ir.bundle import View
from obsgen.ir.topics import Listing, Question, TopicView
from obsgen.ir.views import PackView
from obsgen.model.stack import Stack
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import parse

# What begins with a digit is a group of label_replace, which Grafana leaves alone.
_VARIABLE = re.compile(r"\$([a-zA-Z_]\w*)|\$\{([a-zA-Z_]\w*)")
# What Grafana itself puts in; a duration reads the same to the parser as the real value.
_BUILT_IN = {"__rate_interval": "5m", "__interval": "1m", "__range": "1h"}
# What a variable stands for where all of its values are chosen.
EVERYTHING: Final = ".*"
_NAMED_BY = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """A query, what it is about, the labels that its answers are told apart by, and where it is declared.

    What obsgen itself asks is declared nowhere.
    """

    about: str
    expr: str
    labels: tuple[str, ...] = ()
    origin: Location | None = None

    @property
    def filled(self) -> str:
        """The query with something in place of each variable."""
        return _VARIABLE.sub(lambda found: _BUILT_IN.get(found[1] or found[2], "x"), self.expr)

    @property
    def for_everything(self) -> str:
        """The query with everything chosen of each variable."""
        return _VARIABLE.sub(lambda found: _BUILT_IN.get(found[1] or found[2], EVERYTHING), self.expr)

    @property
    def variables(self) -> set[str]:
        """The dashboard's variables in the query."""
        return {a or b for a, b in _VARIABLE.findall(self.expr)} - _BUILT_IN.keys()

    @property
    def fault(self) -> str:
        """Why the query cannot be read; empty where it can."""
        try:
            parse(self.filled)
        except PromQLError as fault:
            return fault.message
        return ""


def asked_queries(view: View, stack: Stack) -> Iterator[AskedQuery]:
    """Every query of the view."""
    if isinstance(view, TopicView):
        for entry, one in view.queries():
            yield AskedQuery(f"{view.title}: {entry.title}", one.expr, _named_by(entry, one.name))
        return
    (component,) = (one for one in stack.components if one.name == view.component)
    if isinstance(view, PackView):
        for row in view.rows:
            for seen in row.signals:
                origin = component.signals[seen.name].origin
                yield AskedQuery(seen.name, seen.expr, tuple(_NAMED_BY.findall(seen.legend)), origin)
        return
    origins = {one.name: one.origin for one in component.objectives}
    for objective in view.objectives:
        yield from (AskedQuery(objective.name, expr, (), origins[objective.name]) for expr in objective.expressions)


def _named_by(entry: Question | Listing, name: str) -> tuple[str, ...]:
    if isinstance(entry, Listing):
        return tuple(label for label, _ in entry.labels)
    return tuple(_NAMED_BY.findall(name))
