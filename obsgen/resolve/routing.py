"""Routing: every receiver named exists, every team can be told, and no tier waits for hours that nobody gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from obsgen.diagnostics import Findings, did_you_mean
from obsgen.model.routing import (
    OwnInhibition,
    OwnRoute,
    RoutingPlan,
    TierTiming,
    WorkingHours,
)
from obsgen.resolve.routing_names import Names
from obsgen.resolve.teams import resolve_team
from obsgen.spec.hours import HoursSpec
from obsgen.spec.layers import TIERS, Tier
from obsgen.spec.load import LoadedSpec, pack_uses
from obsgen.spec.routing import RouteSpec, TierSpec, matchers_of
from obsgen.spec.source import Path_
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


def resolve_routing(loaded: LoadedSpec, findings: Findings) -> RoutingPlan:
    """The plan; what cannot hold is noted."""
    return _Routing(loaded, findings, Names(loaded, findings)).plan()


@dataclass(frozen=True, slots=True)
class _Routing:
    loaded: LoadedSpec
    findings: Findings
    names: Names

    def plan(self) -> RoutingPlan:
        spec = self.loaded.spec.routing
        self._receivers()
        self._owners()
        self._named_alike()
        return RoutingPlan(
            default=self.names.receiver(spec.default, "default"),
            watchdog=self.names.receiver(spec.watchdog, "watchdog") if spec.watchdog else None,
            actions={action: self.names.receiver(name, "actions", action) for action, name in spec.actions.items()},
            tiers={tier: _timing(tier, spec.tiers.get(tier, TierSpec())) for tier in TIERS},
            teams={name: resolve_team(name, team, self.names) for name, team in spec.teams.items()},
            hours={name: _hours(name, hours) for name, hours in spec.hours.items()},
            routes=tuple(self._route(name, route) for name, route in spec.routes.items()),
            inhibitions=tuple(
                OwnInhibition(
                    name,
                    matchers_of(one.source),
                    matchers_of(one.target),
                    tuple(one.equal),
                    self.names.places.of_key("routing", "inhibit", name),
                )
                for name, one in spec.inhibit.items()
            ),
            receivers=spec.receivers,
            foreign=tuple(self.loaded.surroundings.installation.spec.alerts_of_severity_none),
        )

    def _receivers(self) -> None:
        for name, spec in self.loaded.spec.routing.receivers.items():
            if not spec.model_fields_set:
                where = self.names.places.of_key("routing", "receivers", name)
                hint = f"name at least one of {', '.join(type(spec).model_fields)}"
                self.findings.error("OBS221", f"receiver '{name}' sends nowhere", where, hint)

    def _named_alike(self) -> None:
        """Hours stand for intervals of three names, which other hours must not take."""
        known = self.loaded.spec.routing.hours
        for name in known:
            for ending in ("-off", "-holidays"):
                if name.endswith(ending) and name.removesuffix(ending) in known:
                    where = self.names.places.of_key("routing", "hours", name)
                    message = f"hours '{name}' are called like what '{name.removesuffix(ending)}' leaves out"
                    self.findings.error("OBS223", message, where, "choose another name")

    def _named(self) -> Iterator[tuple[str, Path_]]:
        """Every team that the spec names as the one to hear, and where."""
        for use in pack_uses(self.loaded.spec):
            named = [(use.component.team, use.path)]
            named += [(one.team, (*use.path, "overrides", name)) for name, one in use.component.overrides.items()]
            yield from ((team, path) for team, path in named if team)

    def _owners(self) -> None:
        """A team that owns something but has no route would hear only through the default receiver."""
        known = self.loaded.spec.routing.teams
        for team, path in self._named():
            if team not in known:
                where = self.names.places.of(*path, "team")
                near = did_you_mean(team, known)
                hint = near if near.startswith("did") else f"add it: teams: {{{team}: {{default: <receiver>}}}}"
                self.findings.error("OBS222", f"team '{team}' has no entry under routing.teams", where, hint)

    def _route(self, name: str, spec: RouteSpec) -> OwnRoute:
        path = ("routes", name)
        where = self.names.places.of_key("routing", *path)
        if bool(spec.receivers) == (spec.drop is not None):
            message = f"route '{name}' needs exactly one of receivers and drop"
            self.findings.error("OBS226", message, where, "drop: <why these alerts reach no receiver>")
        for index, receiver in enumerate(spec.receivers or ()):
            self.names.receiver(receiver, *path, "receivers", index)
        if spec.hours:
            self.names.hours(spec.hours, (*path, "hours"))
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
