"""Pass: the routing tree of teams and tiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import Route, Routing
from obsgen.lower import hours
from obsgen.lower.names import NOBODY, WATCHDOG
from obsgen.model.routing import (
    SIGN_OF_LIFE,
    Delivery,
    OwnRoute,
    RoutingPlan,
    Team,
    TierDeliveries,
    TierTiming,
)
from obsgen.model.stack import Stack
from obsgen.promql.matcher import Matcher
from obsgen.spec.layers import Tier
from obsgen.spec.receivers import ReceiverSpec
from obsgen.units import Duration

_SECOND: Final = Duration(1000)
_MINUTE: Final = _SECOND * 60
_HOUR: Final = _MINUTE * 60

# A group is looked at every group_interval and repeated once repeat_interval is over: equal values
# would halve the cadence, so the dead-man's switch repeats a little sooner than it looks.
_HEARTBEAT: Final = TierTiming(("alertname",), Duration(0), _MINUTE, _SECOND * 50)
_ACTION: Final = TierTiming(("...",), Duration(0), _MINUTE, _HOUR)
# P2 stands before P1: it is told apart by a label that few alerts carry.
_MATCHERS: Final[Mapping[Tier, tuple[Matcher, ...]]] = {
    "P2": (Matcher("severity", "=", "critical"), Matcher("tier", "=", "P2")),
    "P1": (Matcher("severity", "=", "critical"),),
    "P3": (Matcher("severity", "=", "warning"),),
    "P4": (Matcher("severity", "=", "info"),),
}


def routes(stack: Stack, bundle: Bundle) -> Bundle:
    """The tree: the watchdog, actions, the spec's own routes, foreign signs of life, then each team with its tiers."""
    plan = stack.routing
    tree = _Tree(plan)
    children = (
        *tree.watchdog(),
        *tree.actions(),
        *(route for own in plan.routes for route in tree.own(own)),
        *tree.foreign(),
        *(tree.team(team) for team in plan.teams.values()),
        *tree.rest(),
    )
    root = _timed(plan.tiers["P3"], plan.default, routes=children)
    dropped = {NOBODY: ReceiverSpec()} if plan.foreign or any(not own.receivers for own in plan.routes) else {}
    used = {name for one in _walk(root) for name in (*one.active, *one.muted)}
    known = [interval for one in plan.hours.values() for interval in hours.intervals(one)]
    routing = Routing(root, {**plan.receivers, **dropped}, intervals=tuple(one for one in known if one.name in used))
    return replace(bundle, routing=routing)


def _walk(route: Route) -> Iterator[Route]:
    yield route
    for child in route.routes:
        yield from _walk(child)


def _timed(timing: TierTiming, receiver: str, **fields: object) -> Route:
    return Route(
        receiver,
        timing.group_by,
        timing.group_wait,
        timing.group_interval,
        timing.repeat_interval,
        **fields,  # type: ignore[arg-type]
    )


class _Tree:
    """Makes the parts of the tree."""

    def __init__(self, plan: RoutingPlan) -> None:
        self.plan = plan

    def watchdog(self) -> Iterator[Route]:
        """The dead-man's switch."""
        if self.plan.watchdog:
            yield _timed(_HEARTBEAT, self.plan.watchdog, matchers=(Matcher("alertname", "=", WATCHDOG),))

    def actions(self) -> Iterator[Route]:
        """Automation hears first and at once, and people hear all the same."""
        for action, receiver in self.plan.actions.items():
            yield _timed(_ACTION, receiver, matchers=(Matcher("action", "=", action),), continues=True)

    def own(self, own: OwnRoute) -> Iterator[Route]:
        """A route that the spec writes out; several receivers stand beside each other."""
        bounds = hours.bounds("working", self.plan.hours[own.hours]) if own.hours else {}
        receivers = own.receivers or (NOBODY,)
        for receiver in receivers:
            goes_on = own.continues or receiver != receivers[-1]
            yield _timed(self.plan.tiers["P3"], receiver, matchers=own.matchers, continues=goes_on, **bounds)

    def foreign(self) -> Iterator[Route]:
        """What an installation says of itself, such as its own watchdog, concerns nobody whom the spec names."""
        if self.plan.foreign:
            yield _timed(self.plan.tiers["P4"], NOBODY, matchers=SIGN_OF_LIFE)

    def rest(self) -> Iterator[Route]:
        """What belongs to no team: the root itself hears nothing of an alert that an earlier route let go on."""
        if self.plan.actions or any(own.continues for own in self.plan.routes):
            yield _timed(self.plan.tiers["P3"], self.plan.default)

    def team(self, team: Team) -> Route:
        """A team's route: the layers that go elsewhere, then its tiers."""
        children = [
            *(self._layer(layer, tiers, team) for layer, tiers in team.layers.items()),
            *self._tiers(team.tiers, team),
        ]
        matchers = (Matcher("team", "=", team.name),)
        return _timed(self.plan.tiers["P3"], team.default, matchers=matchers, routes=tuple(children))

    def _layer(self, layer: str, tiers: TierDeliveries, team: Team) -> Route:
        children = tuple(self._tiers(tiers, team))
        matchers = (Matcher("layer", "=", layer),)
        return _timed(self.plan.tiers["P3"], team.default, matchers=matchers, routes=children)

    def _tiers(self, tiers: TierDeliveries, team: Team) -> Iterator[Route]:
        for tier, matchers in _MATCHERS.items():
            if tier == "P2" and "P2" not in tiers:
                continue  # Then it falls through to P1.
            told = tiers.get(tier) or (Delivery(team.default, "always", team.origin),)
            yield from self._deliveries(tier, matchers, told, team)

    def _deliveries(
        self, tier: Tier, matchers: tuple[Matcher, ...], told: Sequence[Delivery], team: Team
    ) -> Iterator[Route]:
        working = self.plan.hours.get(team.hours or "")
        for place, one in enumerate(told, start=1):
            bounds = hours.bounds(one.when, working)
            yield _timed(self.plan.tiers[tier], one.receiver, matchers=matchers, continues=place < len(told), **bounds)
