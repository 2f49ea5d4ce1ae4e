"""Who must be told of an alert, and when, read from the spec alone: what the routing tree is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from obsgen.lower import hours
from obsgen.lower.names import NOBODY, WATCHDOG
from obsgen.model.routing import SIGN_OF_LIFE, OwnRoute, RoutingPlan, When
from obsgen.promql.matcher import Matcher
from obsgen.spec.layers import LAYERS, Tier

_TIER_OF: Final[Mapping[str, Tier]] = {"critical": "P1", "warning": "P3", "info": "P4"}

Labels = Mapping[str, str]
Inside = frozenset[str]
"""The time intervals that hold."""


def tier_of(labels: Labels) -> Tier | None:
    """The tier that an alert's labels put it in."""
    if labels.get("severity") == "critical" and labels.get("tier") == "P2":
        return "P2"
    return _TIER_OF.get(labels.get("severity", ""))


@dataclass(frozen=True, slots=True)
class Told:
    """A receiver that the spec tells of an alert, and in which hours."""

    receiver: str
    when: When = "always"
    hours: str | None = None

    def now(self, inside: Inside) -> bool:
        """Whether it is told while these intervals hold."""
        if self.when == "always" or self.hours is None:
            return True
        at_work = self.hours in inside and hours.HOLIDAYS.format(self.hours) not in inside
        return at_work == (self.when == "working")


def told(plan: RoutingPlan, labels: Labels) -> tuple[Told, ...]:
    """Everyone whom the spec tells of the alert at any time, in its order; what it drops goes to nobody's receiver."""
    return tuple(_told(plan, labels))


def _told(plan: RoutingPlan, labels: Labels) -> Iterator[Told]:
    if plan.watchdog and labels.get("alertname") == WATCHDOG:
        yield Told(plan.watchdog)
        return
    if labels.get("action") in plan.actions:
        yield Told(plan.actions[labels["action"]])
    for own in plan.routes:
        if takes(own, labels):
            yield from (
                Told(one, "working" if own.hours else "always", own.hours) for one in own.receivers or (NOBODY,)
            )
            if not own.continues:
                return
    if plan.foreign and all(one.matches(labels.get(one.name, "")) for one in SIGN_OF_LIFE):
        yield Told(NOBODY)
        return
    team = plan.teams.get(labels.get("team", ""))
    tier = tier_of(labels)
    if team is None or tier is None:
        yield Told(team.default if team else plan.default)
        return
    yield from (Told(one.receiver, one.when, team.hours) for one in team.told(tier, labels.get("layer", "")))


def takes(own: OwnRoute, labels: Labels) -> bool:
    """Whether an alert passes all matchers of a route of the spec's own."""
    return all(matcher.matches(labels.get(matcher.name, "")) for matcher in own.matchers)


def rows(plan: RoutingPlan) -> Iterator[Labels]:
    """One alert of each team in each layer and tier, and one that is in none."""
    graded = [{"severity": severity} for severity in _TIER_OF] + [{"severity": "critical", "tier": "P2"}, {}]
    for team in plan.teams:
        yield from ({"team": team, "layer": layer, **grade} for layer in LAYERS for grade in graded)


def distinctions(plan: RoutingPlan) -> Iterator[tuple[Matcher, ...]]:
    """Everything, but for their teams, that the spec tells alerts apart by."""
    if plan.watchdog:
        yield (Matcher("alertname", "=", WATCHDOG),)
    yield from ((Matcher("action", "=", action),) for action in plan.actions)
    yield from (own.matchers for own in plan.routes)
    if plan.foreign:
        yield SIGN_OF_LIFE
    yield from ((Matcher("severity", "=", severity),) for severity in _TIER_OF)
    yield (Matcher("severity", "=", "critical"), Matcher("tier", "=", "P2"))
    yield from ((Matcher("layer", "=", layer),) for layer in LAYERS)
