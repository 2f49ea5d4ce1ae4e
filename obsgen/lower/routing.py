"""Passes: the routing tree of tiers and teams, what inhibits what, and where each alert must arrive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.proofs import RenderedAssertion
from obsgen.ir.routes import InhibitRule, Route, RouteTest, Routing
from obsgen.lower.names import WATCHDOG
from obsgen.model.stack import Stack
from obsgen.promql.matcher import Matcher
from obsgen.spec.layers import Severity
from obsgen.spec.routing import TierSpec
from obsgen.spec.written import AlertSeverity
from obsgen.units import Duration

_SECOND = Duration(1000)
_MINUTE = _SECOND * 60
_HOUR = _MINUTE * 60

# How fast each severity travels where the spec does not say: a page groups shortly and repeats soon,
# what can wait until tomorrow is gathered first.
TIERS: Mapping[AlertSeverity, Route] = {
    "critical": Route("", ("cluster", "namespace", "alertname"), _SECOND * 10, _MINUTE * 2, _HOUR * 4),
    "warning": Route("", ("cluster", "namespace", "alertname"), _MINUTE, _MINUTE * 10, _HOUR * 12),
    "info": Route("", ("cluster", "namespace"), _MINUTE * 5, _MINUTE * 30, _HOUR * 24),
}
# A group is looked at every group_interval and repeated once repeat_interval is over: equal values
# would halve the cadence, so the dead-man's switch repeats a little sooner than it looks.
_HEARTBEAT = Route("", ("alertname",), Duration(0), _MINUTE, _SECOND * 50)
_ACTION = Route("", ("...",), Duration(0), _MINUTE, _HOUR)


def routes(stack: Stack, bundle: Bundle) -> Bundle:
    """The tree: the watchdog, then actions, then a route for each team with one for each severity in it."""
    spec = stack.routing
    children = [*_watchdog(stack), *_actions(stack), *(_team(team, stack) for team in spec.teams)]
    root = replace(_tier("warning", stack), receiver=spec.default, routes=tuple(children))
    return replace(bundle, routing=Routing(root, spec.receivers))


def _watchdog(stack: Stack) -> Iterator[Route]:
    if stack.routing.watchdog:
        yield replace(_HEARTBEAT, receiver=stack.routing.watchdog, matchers=(Matcher("alertname", "=", WATCHDOG),))


def _actions(stack: Stack) -> Iterator[Route]:
    """Automation hears first and at once, and people hear all the same."""
    for action, receiver in stack.routing.actions.items():
        yield replace(_ACTION, receiver=receiver, matchers=(Matcher("action", "=", action),), continues=True)


def _team(team: str, stack: Stack) -> Route:
    receivers = stack.routing.teams[team]
    fallback = receivers.get("default", stack.routing.default)
    children = tuple(
        replace(
            _tier(severity, stack),
            receiver=receivers.get(severity, fallback),
            matchers=(Matcher("severity", "=", severity),),
        )
        for severity in TIERS
    )
    base = _tier("warning", stack)
    return replace(base, receiver=fallback, matchers=(Matcher("team", "=", team),), routes=children)


def _tier(severity: AlertSeverity, stack: Stack) -> Route:
    written = stack.routing.tiers.get(severity, TierSpec())
    chosen = {name: getattr(written, name) for name in written.model_fields_set}
    if chosen.get("group_by") is not None:
        chosen["group_by"] = tuple(chosen["group_by"])
    return replace(TIERS[severity], **{name: value for name, value in chosen.items() if value is not None})


def inhibitions(stack: Stack, bundle: Bundle) -> Bundle:
    """An alert's critical form silences its warning and info forms, on the very same labels."""
    del stack
    assert bundle.routing is not None
    severities: dict[str, set[Severity]] = {}
    for rule in bundle.alerts:
        severities.setdefault(rule.alert, set()).add(rule.severity)
    graded = {name for name, found in severities.items() if len(found) > 1}
    if not graded:
        return bundle
    # Labels that both lack count as equal, and alerts of one name have the same labels: so the
    # union over all of them tells instances apart and never joins what is different.
    labels = {label for name in graded for label in _identity(name, bundle)}
    told = {"objective"} & {label for rule in bundle.alerts if rule.alert in graded for label in rule.labels}
    equal = tuple(sorted({"alertname", "component"} | told | labels))
    rules = tuple(
        InhibitRule(
            f"{source}-silences-{target}",
            (Matcher("severity", "=", source),),
            (Matcher("severity", "=", target),),
            equal,
        )
        for source, target in (("critical", "warning"), ("critical", "info"), ("warning", "info"))
        if any({source, target} <= severities[name] for name in graded)
    )
    return replace(bundle, routing=replace(bundle.routing, inhibit_rules=rules))


def _identity(alert: str, bundle: Bundle) -> set[str]:
    """The labels by which the alert's instances differ, as its tests see them fire."""
    static = {name for rule in bundle.alerts if rule.alert == alert for name in rule.labels}
    seen = {
        label
        for proof in bundle.proofs
        if proof.alert == alert
        for state in proof.states
        for labels in state.labels
        for label in labels
    }
    return seen - static - {"alertname", "alertstate"}


def route_tests(stack: Stack, bundle: Bundle) -> Bundle:
    """For every alert of every proof the receivers that must hear of it."""
    del stack
    assert bundle.routing is not None
    root = bundle.routing.root
    labelled = {tuple(sorted(labels.items())): labels for labels in _alert_labels(bundle)}
    tests = tuple(RouteTest(labels, root.receivers(labels)) for _, labels in sorted(labelled.items()))
    return replace(bundle, route_tests=tests)


def _alert_labels(bundle: Bundle) -> Iterator[Mapping[str, str]]:
    for rule in bundle.alerts:
        yield {"alertname": rule.alert, **rule.labels}
    for proof in bundle.proofs:
        for one in proof.rendered:
            yield from _rendered_labels(proof.alert, one)


def _rendered_labels(alert: str, assertion: RenderedAssertion) -> Iterator[Mapping[str, str]]:
    for one in assertion.alerts:
        yield {"alertname": alert, **one.labels}
