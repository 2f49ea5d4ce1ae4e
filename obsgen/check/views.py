"""Checks of dashboards: that every query can be read, with every variable defined."""

from __future__ import annotations

import re
from collections.abc import Iterator

from obsgen.diagnostics import Diagnostic, Location
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack
from obsgen.promql.error import PromQLError
from obsgen.promql.parse import parse

# What begins with a digit is a group of label_replace, which Grafana leaves alone.
_VARIABLE = re.compile(r"\$([a-zA-Z_]\w*)|\$\{([a-zA-Z_]\w*)")
# What Grafana itself puts in; a duration reads the same to the parser as the real value.
_BUILT_IN = {"__rate_interval": "5m", "__interval": "1m", "__range": "1h"}


def broken_panel(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A panel whose query Grafana could not send."""
    signals = {(component.name, name): one for component in stack.components for name, one in component.signals.items()}
    for view in bundle.views:
        defined = {variable.name for variable in view.variables}
        for row in view.rows:
            for signal in row.signals:
                origin = signals[view.component, signal.name].origin
                names = {a or b for a, b in _VARIABLE.findall(signal.expr)} - _BUILT_IN.keys()
                for name in sorted(names - defined):
                    message = f"the panel of '{signal.name}' uses the variable '${name}', which the dashboard lacks"
                    hint = "name the label under dashboard.variables"
                    yield Diagnostic("OBS440", message, origin, hint)
                yield from _unparsable(signal.name, signal.expr, origin)


def _unparsable(name: str, expr: str, origin: Location) -> Iterator[Diagnostic]:
    filled = _VARIABLE.sub(lambda found: _BUILT_IN.get(found[1] or found[2], "x"), expr)
    try:
        parse(filled)
    except PromQLError as fault:
        yield Diagnostic("OBS441", f"the panel of '{name}' has a query that cannot be read: {fault.message}", origin)
