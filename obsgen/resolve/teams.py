"""Teams: who in them is told of each tier, of which layers and in which hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from obsgen.model.routing import Delivery, Team, TierDeliveries, When
from obsgen.resolve.routing_names import Names
from obsgen.spec.layers import TIERS, Tier
from obsgen.spec.routing import DeliverySpec, TeamSpec, TierReceiversSpec, TierSpec
from obsgen.spec.source import Path_

# A pager keeps its incident open until it hears that the alert has resolved.
_STATEFUL: Final = ("pagerduty", "opsgenie")


def resolve_team(name: str, spec: TeamSpec, names: Names) -> Team:
    """The team, complete; what cannot hold is noted."""
    return _Team(names).team(name, spec)


@dataclass(frozen=True, slots=True)
class _Team:
    names: Names

    def team(self, name: str, spec: TeamSpec) -> Team:
        path = ("teams", name)
        hours = self._hours_of(spec, path)
        if spec.default:
            self.names.receiver(spec.default, *path, "default")
        tiers = self._deliveries(spec, path, hours)
        return Team(
            name=name,
            default=spec.default or self.names.loaded.spec.routing.default,
            hours=hours,
            tiers=tiers,
            layers={
                layer: {**tiers, **self._deliveries(own, (*path, "layers", layer), hours)}
                for layer, own in spec.layers.items()
            },
            origin=self.names.places.of_key("routing", *path),
        )

    def _hours_of(self, spec: TeamSpec, path: Path_) -> str | None:
        """The team's hours: its own word, or the only ones there are."""
        known = self.names.loaded.spec.routing.hours
        if spec.hours is None:
            return next(iter(known)) if len(known) == 1 else None
        return self.names.hours(spec.hours, (*path, "hours"))

    def _deliveries(self, spec: TierReceiversSpec, path: Path_, hours: str | None) -> TierDeliveries:
        found = {tier: (written, (*path, tier)) for tier in TIERS if (written := spec.of(tier))}
        return {tier: tuple(self._delivery(tier, written, at, hours)) for tier, (written, at) in found.items()}

    def _delivery(self, tier: Tier, spec: DeliverySpec, path: Path_, hours: str | None) -> Iterator[Delivery]:
        own = self.names.loaded.spec.routing.tiers.get(tier, TierSpec()).hours
        written: tuple[tuple[When, str], ...] = (
            (own, "told"),
            ("always", "always"),
            ("working", "working"),
            ("off", "off"),
        )
        where = self.names.places.of("routing", *path)
        if not any(getattr(spec, name) for _, name in written):
            self.names.findings.error("OBS224", f"tier {tier} names no receiver", where, "name a receiver")
        for when, field in written:
            for index, name in enumerate(getattr(spec, field) or ()):
                at = path if field == "told" else (*path, field)
                self.names.receiver(name, *at, index)
                if when != "always":
                    self._can_wait(name, tier, at, hours)
                yield Delivery(name, when, where)

    def _can_wait(self, name: str, tier: Tier, path: Path_, hours: str | None) -> None:
        where = self.names.places.of("routing", *path)
        if hours is None:
            known = ", ".join(self.names.loaded.spec.routing.hours) or "none is defined under routing.hours"
            hint = f"give the team hours: <name>; known: {known}"
            message = f"'{name}' receives {tier} by working hours, but the team has none"
            self.names.findings.error("OBS223", message, where, hint)
        spec = self.names.loaded.spec.routing.receivers.get(name)
        pager = next((kind for kind in _STATEFUL if spec and getattr(spec, kind)), None)
        if pager:
            message = (
                f"'{name}' receives {tier} only in some hours, but {pager} keeps an incident open "
                "until it is resolved: what resolves in the other hours stays open"
            )
            hint = f"notify it at all hours, and set the hours in {pager} itself; or notify a chat by hours"
            self.names.findings.warning("OBS225", message, where, hint)
