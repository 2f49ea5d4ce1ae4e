"""What a fire drill sends, and whom the spec says that it reaches now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from obsgen.diagnostics import Diagnosed, Diagnostic, did_you_mean
from obsgen.ir.bundle import Bundle
from obsgen.ir.drills import DRILL_ALERT, DRILL_LABEL, Drill, DrillAlert, Hearer
from obsgen.ir.routes import InhibitRule, Route, Routing
from obsgen.lower import hours
from obsgen.lower.told import told
from obsgen.model.stack import Stack
from obsgen.spec.layers import TIERS, Tier
from obsgen.units import NO_TIME

_GRADES: Final[Mapping[Tier, Mapping[str, str]]] = {
    "P1": {"severity": "critical"},
    "P2": {"severity": "critical", "tier": "P2"},
    "P3": {"severity": "warning"},
    "P4": {"severity": "info"},
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of all tiers and teams is drilled; empty means all."""

    tiers: Sequence[str] = ()
    teams: Sequence[str] = ()


def drill(stack: Stack, bundle: Bundle, wanted: Wanted, *, name: str, now: datetime) -> Drill:
    """One alert for each tier and team; `Diagnosed` where the spec has no such team."""
    assert bundle.routing is not None
    known = tuple(stack.routing.teams) or (stack.team,)
    unknown = [team for team in wanted.teams if team not in known]
    if unknown:
        raise Diagnosed(
            Diagnostic("OBS524", f"the spec has no team '{team}'", hint=did_you_mean(team, known, noun="its teams"))
            for team in unknown
        )
    intervals = [one for working in stack.routing.hours.values() for one in hours.intervals(working)]
    inside = frozenset(one.name for one in intervals if one.contains(now))
    alerts = tuple(
        DrillAlert(team, tier, labels, tuple(_hearers(stack, bundle.routing, labels, inside)))
        for team in known
        if team in (wanted.teams or known)
        for tier in TIERS
        if tier in (wanted.tiers or TIERS)
        for labels in (_labels(stack, bundle, (team, tier), name),)
    )
    return Drill(name, alerts, tuple(_silences(bundle.routing, alerts)))


def _labels(stack: Stack, bundle: Bundle, place: tuple[str, Tier], name: str) -> dict[str, str]:
    """Labels as the spec's own alerts of the team and tier carry them, but for what would start or hide something."""
    team, tier = place
    grade = _GRADES[tier]
    ours = [rule.labels for rule in bundle.alerts if rule.labels.get("team") == team]
    alike = [labels for labels in ours if all(labels.get(key) == value for key, value in grade.items())]
    model = next(iter(alike or ours), {"layer": "application"})
    return {
        "alertname": DRILL_ALERT,
        **grade,
        "team": team,
        "layer": model["layer"],
        # Of no real component: else it could silence real alerts, or be silenced by them. And one for
        # each tier, for a critical alert silences a warning of the same component.
        "component": f"{DRILL_LABEL}-{tier.lower()}",
        "cluster": stack.environment.cluster,
        **({"namespace": model["namespace"]} if "namespace" in model else {}),
        DRILL_LABEL: name,
    }


def _hearers(stack: Stack, routing: Routing, labels: Mapping[str, str], inside: frozenset[str]) -> Iterator[Hearer]:
    ways = {path[-1].receiver: path[-1] for path in routing.root.paths(labels)}
    for one in sorted(told(stack.routing, labels), key=lambda one: one.receiver):
        route = ways.get(one.receiver)
        wait = route.group_wait if route else NO_TIME
        yield Hearer(one.receiver, one.now(inside), wait, _grouping(route, labels))


def _grouping(route: Route | None, labels: Mapping[str, str]) -> frozenset[str]:
    if route is None:
        return frozenset()
    return frozenset(labels if route.group_by == ("...",) else labels.keys() & set(route.group_by))


def _silences(routing: Routing, alerts: Sequence[DrillAlert]) -> Iterator[str]:
    """The rules whose source a drill is, but for those that only hide alerts of the same name or component."""
    for rule in routing.inhibit_rules:
        own = {"alertname", "component", DRILL_LABEL} & set(rule.equal)
        if not own and any(_source(rule, alert) for alert in alerts):
            yield rule.name


def _source(rule: InhibitRule, alert: DrillAlert) -> bool:
    return all(matcher.matches(alert.labels.get(matcher.name, "")) for matcher in rule.source)
