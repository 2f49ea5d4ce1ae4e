"""Check that no alert believes a line through one window."""

from __future__ import annotations

from collections.abc import Iterator

from promql_parser import Call, Expr, MatrixSelector, SubqueryExpr, VectorSelector

from obsgen.check.promql import place_in, written_rules
from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule
from obsgen.model.stack import Stack
from obsgen.promql.parse import children, nodes, parse, selector_of

_LINES = frozenset({"predict_linear", "deriv"})


def line_through_one_window(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An alert on `predict_linear` or `deriv` that looks at the gauge's past in no second way."""
    counters = {
        component.name: {name for name, metric in component.metrics.items() if metric.type == "counter"}
        for component in stack.components
    }
    for component, rule in written_rules(bundle):
        if not isinstance(rule, AlertingRule):
            continue
        for name, metric in dict.fromkeys(lone_lines(rule.expr)):
            # A counter's line is its rate and no forecast, also where its exporter calls it a gauge.
            if metric in counters.get(component, ()) or metric.endswith("_total"):
                continue
            message = (
                f"'{rule.alert}' believes {name} of '{metric}' through one window: "
                "a single step looks like growth for as long as the window holds it"
            )
            hint = "write the signal as a forecast: {of: <selector>}, or ask a second window too"
            where = place_in((name, metric), lone_lines, rule, component, stack)
            yield Diagnostic("OBS284", message, where, hint, "warning")


def lone_lines(expr: str) -> list[tuple[str, str]]:
    """Each function that lays a line through the only past of a metric that is read, and that metric."""
    tree = parse(expr)
    pasts: dict[str, set[tuple[str, str]]] = {}
    for past, metric in _pasts(tree):
        pasts.setdefault(metric, set()).add(past)
    lines = (
        (node.func.name, metric)
        for node in nodes(tree)
        if isinstance(node, Call) and node.func.name in _LINES
        for _, metric in _pasts(node)
    )
    return [(name, metric) for name, metric in lines if len(pasts[metric]) == 1]


def _pasts(tree: Expr, span: str = "") -> Iterator[tuple[tuple[str, str], str]]:
    """Range and offset by which each metric's past is read, as text; what is read of the moment has neither."""
    match tree:
        case VectorSelector():
            if span or tree.offset is not None:
                yield (span, str(tree.offset)), selector_of(tree).metric
        case MatrixSelector() | SubqueryExpr():
            yield from (past for child in children(tree) for past in _pasts(child, f"{span} {tree.range}"))
        case _:
            yield from (past for child in children(tree) for past in _pasts(child, span))
