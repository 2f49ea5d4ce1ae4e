"""Checks of routing: that what is configured exists in the target, and that what is defined is used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from obsgen.diagnostics import Diagnostic
from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import Route
from obsgen.model.stack import Stack
from obsgen.promql.labels import label_flow
from obsgen.promql.matcher import Matcher

_OF_NO_COMPONENT: Final = Matcher("component", "=", "")


def unused_receiver(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A receiver that no route leads to."""
    assert bundle.routing is not None
    used = {route.receiver for route in _all_routes(bundle.routing.root)}
    for name in stack.routing.receivers:
        if name not in used:
            where = stack.places.of_key("routing", "receivers", name)
            yield Diagnostic(
                "OBS420", f"no route leads to receiver '{name}'", where, "use it or take it out", "warning"
            )


def _all_routes(route: Route) -> Iterator[Route]:
    yield route
    for child in route.routes:
        yield from _all_routes(child)


def unrouted_action(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An alert that should start something, although nobody listens for that action."""
    for rule in bundle.alerts:
        action = rule.labels.get("action")
        if action and action not in stack.routing.actions:
            message = f"'{rule.alert}' carries action '{action}', but no receiver is given for it"
            hint = f"say who carries it out: routing: {{actions: {{{action}: <receiver>}}}}"
            yield Diagnostic("OBS423", message, rule.place("action"), hint, "warning")


def inhibition_on_missing_label(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """An inhibition whose equal labels neither side can have would silence across unrelated alerts."""
    del stack
    assert bundle.routing is not None
    recorded = {name: rule.expr for name, rule in bundle.recordings.items()}
    alerts = bundle.alerts
    for inhibit in bundle.routing.inhibit_rules:
        if _OF_NO_COMPONENT in inhibit.target:
            continue  # about alerts that are not the spec's
        for label in inhibit.equal:
            carried = label in ("alertname", "component", "objective") or any(
                label in rule.labels or label_flow(rule.expr, recorded).can_have(label) for rule in alerts
            )
            if not carried:
                message = f"inhibition '{inhibit.name}' compares the label '{label}', which no alert can carry"
                yield Diagnostic("OBS424", message, hint="compare labels that both sides carry")


def misrouted(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A route test whose alert obsgen's own matcher sends elsewhere."""
    assert bundle.routing is not None
    for test in bundle.route_tests:
        found = bundle.routing.root.receivers(test.labels)
        if found != test.receivers:
            alert = test.labels.get("alertname", "an alert")
            message = f"'{alert}' should reach {', '.join(test.receivers)}; the tree sends it to {', '.join(found)}"
            yield Diagnostic("OBS461", message, stack.places.of_key("routing"))
