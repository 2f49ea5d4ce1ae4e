"""Conditions as PromQL: a comparison for each, joined on the labels that they share."""

from __future__ import annotations

from promql_parser import BinaryExpr

from obsgen.model.guard import Guard
from obsgen.model.part import WHOLE
from obsgen.model.stack import Alert, Component, Condition
from obsgen.promql.labels import label_flow
from obsgen.promql.narrowing import narrowed
from obsgen.promql.parse import parse
from obsgen.units import number_text

_BINDS_NO_TIGHTER = {"and", "or", "unless", "==", "!=", ">", "<", ">=", "<="}


def alert_expression(alert: Alert, component: Component) -> str:
    """The expression that is non-empty while the alert's conditions hold; its value is the first signal's."""
    whole = _whole(alert, component)
    if alert.part != WHOLE:
        recorded = {one.record: one.expr for one in component.recordings}
        whole = " or ".join(narrowed(whole, matchers, recorded) for matchers in alert.part.selections)
    return guarded(whole, alert.guards)


def guarded(expr: str, guards: tuple[Guard, ...]) -> str:
    """The expression without what a guard holds for."""
    held = "".join(f" unless on ({', '.join(guard.on)}) ({guard.expr})" for guard in guards)
    return f"({expr}){held}" if held else expr


def _whole(alert: Alert, component: Component) -> str:
    """The expression over everything that the component watches."""
    if alert.absent:
        return f"absent({alert.absent})"
    if alert.expr:
        return alert.expr
    return joined([comparison(one, component) for one in alert.conditions], join_labels(alert, component))


def comparison(condition: Condition, component: Component) -> str:
    """`expr > 0.1`, with parentheses only around what would bind more loosely."""
    expr = component.signals[condition.signal].expr
    root = parse(expr)
    loose = isinstance(root, BinaryExpr) and str(root.op) in _BINDS_NO_TIGHTER
    operand = f"({expr})" if loose else expr
    return f"{operand} {condition.comparison} {number_text(condition.threshold)}"


def joined(comparisons: list[str], labels: tuple[str, ...] | None) -> str:
    """All comparisons at once; `labels` None means that both sides carry the same labels."""
    if len(comparisons) == 1:
        return comparisons[0]
    on = "" if labels is None else f" on ({', '.join(labels)})"
    return f" and{on} ".join(f"({one})" for one in comparisons)


def join_labels(alert: Alert, component: Component) -> tuple[str, ...] | None:
    """The pack's own choice, else the labels that every condition is sure to carry, None where none is known."""
    if alert.join is not None or len(alert.conditions) < 2:
        return alert.join
    flows = [label_flow(component.signals[one.signal].expr).possible for one in alert.conditions]
    known = [flow for flow in flows if flow is not None]
    if len(known) < len(flows) or len(set(known)) == 1:
        return None
    return tuple(sorted(frozenset.intersection(*known)))
