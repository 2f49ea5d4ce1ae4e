"""Who is told of what, when and how: tiers, teams, hours and receivers with nothing left to inherit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from obsgen.diagnostics import Location
from obsgen.promql.matcher import Matcher
from obsgen.spec.hours import Holidays
from obsgen.spec.layers import Layer, Tier
from obsgen.spec.receivers import ReceiverSpec
from obsgen.units import Duration

When = Literal["always", "working", "off"]

# Severity none is for alerts that say nothing of what is monitored; what starts something is none of them.
SIGN_OF_LIFE: Final = (Matcher("severity", "=", "none"), Matcher("action", "=", ""))


@dataclass(frozen=True, slots=True)
class Delivery:
    """A receiver, and in which of its team's hours it is told."""

    receiver: str
    when: When
    origin: Location


@dataclass(frozen=True, slots=True)
class TierTiming:
    """How alerts of a tier are grouped and repeated."""

    group_by: tuple[str, ...]
    group_wait: Duration
    group_interval: Duration
    repeat_interval: Duration


TierDeliveries = Mapping[Tier, tuple[Delivery, ...]]


@dataclass(frozen=True, slots=True)
class Team:
    """Who in a team is told of each tier; `layers` holds, complete, the layers that go elsewhere."""

    name: str
    default: str
    hours: str | None
    tiers: TierDeliveries
    layers: Mapping[Layer, TierDeliveries]
    origin: Location

    def told(self, tier: Tier, layer: str) -> tuple[Delivery, ...]:
        """Who is told of the tier's alerts of this layer.

        Without any word on it P2 goes where P1 goes, and everything else to the default at all hours.
        """
        known: TierDeliveries = {**self.tiers, **self.layers.get(layer, {})}  # type: ignore[call-overload]
        found = known.get(tier) or (known.get("P1") if tier == "P2" else None)
        return found or (Delivery(self.default, "always", self.origin),)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a team works: days (0 is Sunday) and minutes of them, but for holidays, in one time zone."""

    name: str
    time_zone: str
    days: tuple[int, ...]
    times: tuple[tuple[int, int], ...]
    holidays: tuple[Holidays, ...]


@dataclass(frozen=True, slots=True)
class OwnRoute:
    """A route that the spec writes out; without receivers it drops, for the reason it gives."""

    name: str
    matchers: tuple[Matcher, ...]
    receivers: tuple[str, ...]
    drop: str
    continues: bool
    hours: str | None
    origin: Location


@dataclass(frozen=True, slots=True)
class OwnInhibition:
    """An inhibition that the spec writes out."""

    name: str
    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...]
    origin: Location


@dataclass(frozen=True, slots=True)
class RoutingPlan:
    """Everything that the spec says about routing."""

    default: str
    watchdog: str | None
    actions: Mapping[str, str]
    tiers: Mapping[Tier, TierTiming]
    teams: Mapping[str, Team]
    hours: Mapping[str, WorkingHours]
    routes: tuple[OwnRoute, ...]
    inhibitions: tuple[OwnInhibition, ...]
    receivers: Mapping[str, ReceiverSpec]
    foreign: tuple[str, ...] = ()
    """Alerts of the installation, of severity none, that stay beside the spec's own."""
