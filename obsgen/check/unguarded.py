"""Alerts on what looks like a fault while somebody does it on purpose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.ir.rules import AlertingRule
from obsgen.model.guard import Cover
from obsgen.model.stack import Alert, Component, Stack
from obsgen.promql.labels import label_flow
from obsgen.promql.matcher import Selector
from obsgen.promql.parse import metric_names, selectors


def unmet_guard(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An alert that waits for a guard with which it shares no label: it would never wait."""
    for component, alert, rule in _alerts(stack, bundle):
        flow = label_flow(rule.expr, _recorded(component))
        for guard in alert.guards:
            for label in guard.on:
                if not flow.can_have(label):
                    message = f"'{alert.name}' can never meet its guard '{guard.name}': it drops the label '{label}'"
                    hint = f"keep it: aggregate by ({', '.join(guard.on)}), or leave the guard out"
                    yield Diagnostic("OBS283", message, alert.place("unless"), hint)


def unguarded_alert(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An alert that reads what a guard covers, and says neither that it waits for it nor why not."""
    told = set[tuple[str, str, str]]()
    for component, alert, rule in _alerts(stack, bundle):
        recorded = _recorded(component)
        stands = alert.despite | {one.name for one in alert.guards}
        for cover in component.covers:
            key = component.name, alert.name, cover.guard
            if alert.absent or cover.guard in stands or key in told or not _covers(cover, rule, recorded):
                continue
            told.add(key)
            message = f"'{alert.name}' does not say whether it is one while '{cover.guard}' holds"
            hint = f"unless: [{cover.guard}], or why it is one all the same: despite: {{{cover.guard}: …}}"
            yield Diagnostic("OBS281", message, alert.origin, hint, "warning")


def _alerts(stack: Stack, bundle: Bundle) -> Iterator[tuple[Component, Alert, AlertingRule]]:
    rules = {rule.key: rule for rule in bundle.alerts}
    for component in stack.components:
        for alert in component.alerts:
            yield component, alert, rules[component.name, alert.name, alert.severity, "", alert.part.name]


def _recorded(component: Component) -> Mapping[str, str]:
    return {one.record: one.expr for one in component.recordings}


def _covers(cover: Cover, rule: AlertingRule, recorded: Mapping[str, str]) -> bool:
    """Whether the alert reads something that is covered, and could meet the guard."""
    read = tuple(_read(rule.expr, recorded))
    asked = [selector for text in cover.selectors for selector in selectors(text)]
    if not any(_selects(wanted, selector) for wanted in asked for selector in read):
        return False
    flow = label_flow(rule.expr, recorded)
    return all(flow.can_have(label) for label in cover.on)


def _read(expr: str, recorded: Mapping[str, str]) -> Iterator[Selector]:
    """Every selector of the expression, and of the recordings below it."""
    yield from selectors(expr)
    for name in metric_names(expr) & recorded.keys():
        yield from _read(recorded[name], recorded)


def _selects(wanted: Selector, selector: Selector) -> bool:
    return wanted.metric == selector.metric and set(wanted.matchers) <= set(selector.matchers)
