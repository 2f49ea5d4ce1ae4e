"""Check that alerts compare whole numbers with what happened, not with what was extrapolated from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from obsgen.check.promql import place_in, written_rules
from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule
from obsgen.model.stack import Stack
from obsgen.promql.counts import extrapolated_counts
from obsgen.promql.matching import bare
from obsgen.promql.parse import one_line, parse

_HINT = "write round(increase(…)) over a range of many scrapes, and `integer: true` at the signal"


def unrounded_count(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An alert that compares an `increase()` with a small whole number: 3 events in the range read 3.1."""
    seen = set[tuple[str, str]]()
    for component, rule in written_rules(bundle):
        if not isinstance(rule, AlertingRule) or (component, rule.alert) in seen:
            continue
        for count in extrapolated_counts(rule.expr, bundle.recordings)[:1]:
            seen.add((component, rule.alert))
            message = f"'{rule.alert}' compares a count that is extrapolated with a whole number, so that 3 reads 3.1"
            yield Diagnostic("OBS290", message, place_in(count, _whole, rule, component, stack), _HINT, "warning")


def _whole(expr: str) -> Collection[str]:
    return (one_line(bare(parse(expr))),)
