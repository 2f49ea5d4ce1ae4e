"""Routing as Alertmanager's own configuration; secrets only by the path of their file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from obsgen.emit.hours import intervals_body
from obsgen.emit.receivers import receiver_body
from obsgen.ir.routes import InhibitRule, Route, RouteTest, Routing
from obsgen.promql.matcher import Matcher
from obsgen.spec.stack import AlertmanagerSpec


def configuration(routing: Routing, target: AlertmanagerSpec, templates: str) -> dict[str, Any]:
    """`alertmanager.yaml`; `templates` is where Alertmanager finds the templates of notifications."""
    receivers = [{"name": name, **receiver_body(spec, target)} for name, spec in sorted(routing.receivers.items())]
    return {
        "route": _route(routing.root, None),
        "inhibit_rules": [_inhibition(rule) for rule in routing.inhibit_rules],
        **intervals_body(routing.intervals),
        "receivers": receivers,
        "templates": [templates],
    }


def _route(route: Route, parent: Route | None) -> dict[str, Any]:
    body: dict[str, Any] = {"receiver": route.receiver}
    if route.matchers:
        body["matchers"] = _matchers(route.matchers)
    if route.continues:
        body["continue"] = True
    for name in ("group_by", "group_wait", "group_interval", "repeat_interval"):
        value = getattr(route, name)
        if parent is None or getattr(parent, name) != value:
            body[name] = list(value) if name == "group_by" else str(value)
    if route.active:
        body["active_time_intervals"] = list(route.active)
    if route.muted:
        body["mute_time_intervals"] = list(route.muted)
    if route.routes:
        body["routes"] = [_route(child, route) for child in route.routes]
    return body


def _matchers(matchers: Sequence[Matcher]) -> list[str]:
    return [str(one) for one in matchers]


def _inhibition(rule: InhibitRule) -> dict[str, Any]:
    return {
        "source_matchers": _matchers(rule.source),
        "target_matchers": _matchers(rule.target),
        "equal": list(rule.equal),
    }


def route_tests_body(tests: Sequence[RouteTest]) -> dict[str, Any]:
    """`route-tests.yaml`: for each alert the receivers that hear of it, in the order of the tree."""
    return {"tests": [{"labels": dict(one.labels), "receivers": list(one.receivers)} for one in tests]}
