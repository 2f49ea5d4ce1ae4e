"""The form of routing: who is told of which tier, when, and how fast each tier travels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Matcher
from obsgen.promql.selector import parse_matchers
from obsgen.spec.hours import HoursSpec
from obsgen.spec.layers import Layer, Tier
from obsgen.spec.names import Name
from obsgen.spec.receivers import ReceiverSpec
from obsgen.spec.written import EmptyAllowed, LabelName, Reason, Written
from obsgen.units import Duration


class TierSpec(Written):
    """How alerts of one tier are grouped and repeated, and whether its receivers hear at all hours."""

    group_by: list[LabelName] | None = None
    group_wait: Duration | None = None
    group_interval: Duration | None = None
    repeat_interval: Duration | None = None
    hours: Literal["always", "working"] = "always"


def _several(written: Any) -> Any:
    return [written] if isinstance(written, str) else written


Names = Annotated[
    list[Name],
    BeforeValidator(_several, json_schema_input_type=Name | list[Name]),
    Field(min_length=1),
]


class DeliverySpec(Written):
    """Who is told when: at all hours, in the team's working hours, outside them.

    Receivers written without any of these, as a name or a list, keep the tier's own hours.
    """

    told: Names | None = None
    always: Names | None = None
    working: Names | None = None
    off: Names | None = None


def _told(written: Any) -> Any:
    return {"told": written} if isinstance(written, str | list) else written


Delivery = Annotated[
    DeliverySpec,
    BeforeValidator(_told, json_schema_input_type=Name | list[Name] | DeliverySpec),
]


class TierReceiversSpec(Written):
    """The receivers of each tier."""

    p1: Delivery | None = Field(None, alias="P1", description="critical: someone is woken")
    p2: Delivery | None = Field(None, alias="P2", description="critical that can wait until the morning")
    p3: Delivery | None = Field(None, alias="P3", description="warning: a ticket")
    p4: Delivery | None = Field(None, alias="P4", description="info: a digest")

    def of(self, tier: Tier) -> DeliverySpec | None:
        """What is written for the tier."""
        found: DeliverySpec | None = getattr(self, tier.lower())
        return found


class TeamSpec(TierReceiversSpec):
    """Who in a team is told of which tier; `default` hears what no tier names."""

    default: Name | None = None
    hours: Name | None = Field(None, description="an entry of routing.hours")
    layers: dict[Layer, TierReceiversSpec] = Field(default_factory=dict)


def _matcher(text: str) -> str:
    try:
        parse_matchers(text)
    except PromQLError as error:
        raise ValueError(str(error)) from None
    return text


def matchers_of(written: Sequence[str]) -> tuple[Matcher, ...]:
    """The matchers of all texts together."""
    return tuple(matcher for text in written for matcher in parse_matchers(text))


MatcherText = Annotated[str, AfterValidator(_matcher)]


class RouteSpec(Written):
    """A route of one's own, tried before the teams' routes: to receivers, or away with a reason."""

    match: list[MatcherText] = Field(min_length=1)
    receivers: Names | None = None
    drop: Reason | None = Field(None, description="why these alerts reach no receiver")
    continues: bool = Field(default=False, alias="continue", description="also go on to the team's own route")
    hours: Name | None = Field(None, description="tell only in these hours, an entry of routing.hours")

    @property
    def matchers(self) -> tuple[Matcher, ...]:
        """What the route takes."""
        return matchers_of(self.match)


class InhibitionSpec(Written):
    """An inhibition of one's own: while a source fires, targets with equal labels stay unsaid."""

    source: list[MatcherText] = Field(min_length=1)
    target: list[MatcherText] = Field(min_length=1)
    equal: list[LabelName] = Field(min_length=1)


class RoutingSpec(Written):
    """Who is told what, when, how fast."""

    default: Name
    watchdog: Name | None = None
    actions: dict[Name, Name] = Field(default_factory=dict, description="action: receiver")
    hours: dict[Name, Annotated[HoursSpec, EmptyAllowed]] = Field(default_factory=dict)
    tiers: dict[Tier, TierSpec] = Field(default_factory=dict)
    teams: dict[Name, TeamSpec] = Field(default_factory=dict)
    routes: dict[Name, RouteSpec] = Field(default_factory=dict, description="routes of your own, in this order")
    inhibit: dict[Name, InhibitionSpec] = Field(default_factory=dict)
    receivers: dict[Name, ReceiverSpec]
