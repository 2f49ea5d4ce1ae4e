"""Routing: every receiver named exists, every team can be told, and no tier waits for hours that nobody gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from obsgen.diagnostics import Findings, did_you_mean
from obsgen.model.routing import (
    Delivery,
    OwnInhibition,
    OwnRoute,
    RoutingPlan,
    Team,
    TierDeliveries,
    TierTiming,
    When,
    WorkingHours,
)
from obsgen.spec.hours import HoursSpec
from obsgen.spec.layers import TIERS, Tier
from obsgen.spec.load import LoadedSpec, pack_uses
from obsgen.spec.routing import DeliverySpec, RouteSpec, TeamSpec, TierReceiversSpec, TierSpec, matchers_of
from obsgen.spec.source import Path_, Places
from obsgen.units import Duration

_SECOND: Final = Duration(1000)
_MINUTE: Final = _SECOND * 60
_HOUR: Final = _MINUTE * 60
_INSTANCE: Final = ("cluster", "namespace", "alertname")

# How fast each tier travels where the spec does not say: a page groups shortly and repeats soon,
# what can wait until tomorrow is gathered first.
TIMINGS: Final[Mapping[Tier, TierTiming]] = {
    "P1": TierTiming(_INSTANCE, _SECOND * 10, _MINUTE * 2, _HOUR * 4),
    "P2": TierTiming(_INSTANCE, _SECOND * 30, _MINUTE * 5, _HOUR * 4),
    "P3": TierTiming(_INSTANCE, _MINUTE, _MINUTE * 10, _HOUR * 12),
    "P4": TierTiming(("cluster", "namespace"), _MINUTE * 5, _MINUTE * 30, _HOUR * 24),
}
# A pager keeps its incident open until it hears that the alert has resolved.
_STATEFUL: Final = ("pagerduty", "opsgenie")


def resolve_routing(loaded: LoadedSpec, findings: Findings) -> RoutingPlan:
    """The plan; what cannot hold is noted."""
    return _Routing(loaded, findings).plan()


@dataclass(frozen=True, slots=True)
class _Routing:
    loaded: LoadedSpec
    findings: Findings

    def plan(self) -> RoutingPlan:
        spec = self.loaded.spec.routing
        self._receivers()
        self._owners()
        self._named_alike()
        return RoutingPlan(
            default=self._known(spec.default, "default"),
            watchdog=self._known(spec.watchdog, "watchdog") if spec.watchdog else None,
            actions={action: self._known(name, "actions", action) for action, name in spec.actions.items()},
            tiers={tier: _timing(tier, spec.tiers.get(tier, TierSpec())) for tier in TIERS},
            teams={name: self._team(name, team) for name, team in spec.teams.items()},
            hours={name: _hours(name, hours) for name, hours in spec.hours.items()},
            routes=tuple(self._route(name, route) for name, route in spec.routes.items()),
            inhibitions=tuple(
                OwnInhibition(
                    name,
                    matchers_of(one.source),
                    matchers_of(one.target),
                    tuple(one.equal),
                    self.places.of_key("routing", "inhibit", name),
                )
                for name, one in spec.inhibit.items()
            ),
            receivers=spec.receivers,
        )

    @property
    def places(self) -> Places:
        return self.loaded.places

    def _known(self, receiver: str, *path: str | int) -> str:
        """The receiver's name; noted where there is no such receiver."""
        known = self.loaded.spec.routing.receivers
        if receiver not in known:
            hint = did_you_mean(receiver, known, noun="receivers that are defined")
            where = self.places.of("routing", *path)
            self.findings.error("OBS220", f"receiver '{receiver}' is not defined", where, hint)
        return receiver

    def _receivers(self) -> None:
        for name, spec in self.loaded.spec.routing.receivers.items():
            if not spec.model_fields_set:
                where = self.places.of_key("routing", "receivers", name)
                hint = f"name at least one of {', '.join(type(spec).model_fields)}"
                self.findings.error("OBS221", f"receiver '{name}' sends nowhere", where, hint)

    def _named_alike(self) -> None:
        """Hours stand for intervals of three names, which other hours must not take."""
        known = self.loaded.spec.routing.hours
        for name in known:
            for ending in ("-off", "-holidays"):
                if name.endswith(ending) and name.removesuffix(ending) in known:
                    where = self.places.of_key("routing", "hours", name)
                    message = f"hours '{name}' are called like what '{name.removesuffix(ending)}' leaves out"
                    self.findings.error("OBS223", message, where, "choose another name")

    def _owners(self) -> None:
        """A team that owns something but has no route would hear only through the default receiver."""
        known = self.loaded.spec.routing.teams
        for use in pack_uses(self.loaded.spec):
            team = use.component.team
            if team and team not in known:
                where = self.places.of(*use.path, "team")
                near = did_you_mean(team, known)
                hint = near if near.startswith("did") else f"add it: teams: {{{team}: {{default: <receiver>}}}}"
                self.findings.error("OBS222", f"team '{team}' has no entry under routing.teams", where, hint)

    def _team(self, name: str, spec: TeamSpec) -> Team:
        path = ("teams", name)
        hours = self._hours_of(spec, path)
        if spec.default:
            self._known(spec.default, *path, "default")
        tiers = self._deliveries(spec, path, hours)
        return Team(
            name=name,
            default=spec.default or self.loaded.spec.routing.default,
            hours=hours,
            tiers=tiers,
            layers={
                layer: {**tiers, **self._deliveries(own, (*path, "layers", layer), hours)}
                for layer, own in spec.layers.items()
            },
            origin=self.places.of_key("routing", *path),
        )

    def _hours_of(self, spec: TeamSpec, path: Path_) -> str | None:
        """The team's hours: its own word, or the only ones there are."""
        known = self.loaded.spec.routing.hours
        if spec.hours is None:
            return next(iter(known)) if len(known) == 1 else None
        return self._known_hours(spec.hours, (*path, "hours"))

    def _known_hours(self, name: str, path: Path_) -> str:
        known = self.loaded.spec.routing.hours
        if name not in known:
            hint = did_you_mean(name, known, noun="hours that are defined")
            where = self.places.of("routing", *path)
            self.findings.error("OBS223", f"hours '{name}' are not defined", where, hint)
        return name

    def _deliveries(self, spec: TierReceiversSpec, path: Path_, hours: str | None) -> TierDeliveries:
        found = {tier: (written, (*path, tier)) for tier in TIERS if (written := spec.of(tier))}
        return {tier: tuple(self._delivery(tier, written, at, hours)) for tier, (written, at) in found.items()}

    def _delivery(self, tier: Tier, spec: DeliverySpec, path: Path_, hours: str | None) -> Iterator[Delivery]:
        own = self.loaded.spec.routing.tiers.get(tier, TierSpec()).hours
        written: tuple[tuple[When, str], ...] = (
            (own, "told"),
            ("always", "always"),
            ("working", "working"),
            ("off", "off"),
        )
        where = self.places.of("routing", *path)
        if not any(getattr(spec, name) for _, name in written):
            self.findings.error("OBS224", f"tier {tier} names nobody", where, "name a receiver")
        for when, field in written:
            for index, name in enumerate(getattr(spec, field) or ()):
                at = path if field == "told" else (*path, field)
                self._known(name, *at, index)
                if when != "always":
                    self._can_wait(name, tier, at, hours)
                yield Delivery(name, when, where)

    def _can_wait(self, name: str, tier: Tier, path: Path_, hours: str | None) -> None:
        where = self.places.of("routing", *path)
        if hours is None:
            known = ", ".join(self.loaded.spec.routing.hours) or "none is defined under routing.hours"
            hint = f"give the team hours: <name>; known: {known}"
            message = f"'{name}' is told of {tier} by working hours, but the team has none"
            self.findings.error("OBS223", message, where, hint)
        spec = self.loaded.spec.routing.receivers.get(name)
        pager = next((kind for kind in _STATEFUL if spec and getattr(spec, kind)), None)
        if pager:
            message = (
                f"'{name}' is told of {tier} only in some hours, but {pager} keeps an incident open "
                "until it hears that it is over: what resolves in the other hours stays open"
            )
            hint = f"tell it at all hours, and set the hours in {pager} itself; or tell a chat by hours"
            self.findings.warning("OBS225", message, where, hint)

    def _route(self, name: str, spec: RouteSpec) -> OwnRoute:
        path = ("routes", name)
        where = self.places.of_key("routing", *path)
        if bool(spec.receivers) == (spec.drop is not None):
            message = f"route '{name}' needs exactly one of receivers and drop"
            self.findings.error("OBS226", message, where, "drop: <why nobody is told>")
        for index, receiver in enumerate(spec.receivers or ()):
            self._known(receiver, *path, "receivers", index)
        if spec.hours:
            self._known_hours(spec.hours, (*path, "hours"))
        return OwnRoute(
            name,
            spec.matchers,
            tuple(spec.receivers or ()),
            spec.drop or "",
            spec.continues,
            spec.hours,
            where,
        )


def _timing(tier: Tier, spec: TierSpec) -> TierTiming:
    usual = TIMINGS[tier]
    return TierTiming(
        tuple(spec.group_by) if spec.group_by is not None else usual.group_by,
        spec.group_wait if spec.group_wait is not None else usual.group_wait,
        spec.group_interval or usual.group_interval,
        spec.repeat_interval or usual.repeat_interval,
    )


def _hours(name: str, spec: HoursSpec) -> WorkingHours:
    days = sorted({day for one in spec.days for day in one.each()})
    times = sorted((one.start, one.end) for one in spec.times)
    return WorkingHours(name, spec.time_zone, tuple(days), tuple(times), tuple(spec.holidays))
