"""Routing as an AlertmanagerConfig, which the operator merges into the configuration of its Alertmanager."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from obsgen.document import json_line
from obsgen.emit.alertmanager_config_receivers import receiver_body
from obsgen.emit.hours import clock, range_text
from obsgen.ir.hours import TimeInterval, TimeSpan
from obsgen.ir.routes import InhibitRule, Route, Routing
from obsgen.promql.matcher import Matcher
from obsgen.spec.hours import WEEKDAYS
from obsgen.spec.stack import AlertmanagerSpec

# The one version that the operator's CRD serves; v1beta1 takes a conversion webhook that few install.
API_VERSION: Final = "monitoring.coreos.com/v1alpha1"
# The annotation that holds what the Alertmanager object must say for this object to be read as it is meant.
NEEDS: Final = "obsgen.dev/alertmanager-needs"

_TIMINGS: Final = {
    "group_wait": "groupWait",
    "group_interval": "groupInterval",
    "repeat_interval": "repeatInterval",
}


def config_spec(routing: Routing, target: AlertmanagerSpec) -> dict[str, Any]:
    """The object's `spec`."""
    receivers = [{"name": name, **receiver_body(spec, target)} for name, spec in sorted(routing.receivers.items())]
    # v1alpha1 calls every interval a mute interval, also those that routes are active in.
    intervals = {"muteTimeIntervals": [_interval(one) for one in routing.intervals]} if routing.intervals else {}
    return {
        "route": _route(routing.root, None),
        "inhibitRules": [_inhibition(rule) for rule in routing.inhibit_rules],
        **intervals,
        "receivers": receivers,
    }


def needs(target: AlertmanagerSpec) -> str:
    """The part of the Alertmanager object that this delivery relies on, as a merge patch."""
    selector = {"matchLabels": target.selector_labels} if target.selector_labels else {}
    spec = {
        "alertmanagerConfigSelector": selector,
        "alertmanagerConfigMatcherStrategy": {"type": target.matcher_strategy},
    }
    return json_line({"spec": spec})


def _route(route: Route, parent: Route | None) -> dict[str, Any]:
    # The operator sets `continue` on the first route whatever it says.
    body: dict[str, Any] = {"receiver": route.receiver}
    if route.matchers:
        body["matchers"] = _matchers(route.matchers)
    if route.continues:
        body["continue"] = True
    if parent is None or parent.group_by != route.group_by:
        body["groupBy"] = list(route.group_by)
    for name, field in _TIMINGS.items():
        value = getattr(route, name)
        if parent is None or getattr(parent, name) != value:
            body[field] = str(value)
    if route.active:
        body["activeTimeIntervals"] = list(route.active)
    if route.muted:
        body["muteTimeIntervals"] = list(route.muted)
    if route.routes:
        body["routes"] = [_route(child, route) for child in route.routes]
    return body


def _matchers(matchers: Sequence[Matcher]) -> list[dict[str, str]]:
    return [{"name": one.name, "matchType": one.op, "value": one.value} for one in matchers]


def _inhibition(rule: InhibitRule) -> dict[str, Any]:
    return {
        "sourceMatch": _matchers(rule.source),
        "targetMatch": _matchers(rule.target),
        "equal": list(rule.equal),
    }


def _interval(interval: TimeInterval) -> dict[str, Any]:
    return {"name": interval.name, "timeIntervals": [_span(span) for span in interval.spans]}


def _span(span: TimeSpan) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if span.minutes:
        body["times"] = [{"startTime": clock(start), "endTime": clock(end)} for start, end in span.minutes]
    if span.weekdays:
        body["weekdays"] = [range_text(tuple(WEEKDAYS[day] for day in one)) for one in span.weekdays]
    if span.days_of_month:
        body["daysOfMonth"] = [{"start": start, "end": end} for start, end in span.days_of_month]
    for name in ("months", "years"):
        ranges = getattr(span, name)
        if ranges:
            body[name] = [range_text(tuple(str(number) for number in one)) for one in ranges]
    return body
