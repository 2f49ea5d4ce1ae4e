"""Checks of dashboards: that every query can be read, with every variable defined."""

from __future__ import annotations

import re
from collections.abc import Iterator

from obsgen.diagnostics import Diagnostic, Location
from obsgen.ir.bundle import Bundle
from obsgen.ir.views import PackView, View
from obsgen.model.stack import Component, Stack
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import parse

# What begins with a digit is a group of label_replace, which Grafana leaves alone.
_VARIABLE = re.compile(r"\$([a-zA-Z_]\w*)|\$\{([a-zA-Z_]\w*)")
# What Grafana itself puts in; a duration reads the same to the parser as the real value.
_BUILT_IN = {"__rate_interval": "5m", "__interval": "1m", "__range": "1h"}


def broken_panel(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A panel whose query Grafana could not send."""
    components = {component.name: component for component in stack.components}
    for view in bundle.views:
        defined = {variable.name for variable in view.variables}
        for name, expr, origin in _asked(view, components[view.component]):
            used = {a or b for a, b in _VARIABLE.findall(expr)} - _BUILT_IN.keys()
            for variable in sorted(used - defined):
                message = f"the panel of '{name}' uses the variable '${variable}', which the dashboard lacks"
                hint = "name the label under dashboard.variables"
                yield Diagnostic("OBS440", message, origin, hint)
            yield from _unparsable(name, expr, origin)


def _asked(view: View, component: Component) -> Iterator[tuple[str, str, Location]]:
    """Each query with the signal or the objective that it is about, and where that is declared."""
    if isinstance(view, PackView):
        for row in view.rows:
            yield from ((one.name, one.expr, component.signals[one.name].origin) for one in row.signals)
        return
    origins = {one.name: one.origin for one in component.objectives}
    for objective in view.objectives:
        yield from ((objective.name, expr, origins[objective.name]) for expr in objective.expressions)


def _unparsable(name: str, expr: str, origin: Location) -> Iterator[Diagnostic]:
    filled = _VARIABLE.sub(lambda found: _BUILT_IN.get(found[1] or found[2], "x"), expr)
    try:
        parse(filled)
    except PromQLError as fault:
        yield Diagnostic("OBS441", f"the panel of '{name}' has a query that cannot be read: {fault.message}", origin)
