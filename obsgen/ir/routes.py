"""The routing tree with everything resolved, as Alertmanager will walk it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from obsgen.diagnostics import Location
from obsgen.ir.hours import TimeInterval
from obsgen.promql.matcher import Matcher
from obsgen.spec.receivers import ReceiverSpec
from obsgen.units import Duration


@dataclass(frozen=True, slots=True)
class Route:
    """A node of the tree: the first child that matches wins, unless that child continues."""

    receiver: str
    group_by: tuple[str, ...]
    group_wait: Duration
    group_interval: Duration
    repeat_interval: Duration
    matchers: tuple[Matcher, ...] = ()
    continues: bool = False
    active: tuple[str, ...] = ()
    """The time intervals outside which this route says nothing; children do not inherit them."""
    muted: tuple[str, ...] = ()
    """The time intervals in which this route says nothing."""
    routes: tuple[Route, ...] = ()

    def speaks(self, inside: Collection[str]) -> bool:
        """Whether it notifies while these time intervals hold and no others."""
        return (not self.active or any(name in inside for name in self.active)) and not any(
            name in inside for name in self.muted
        )

    def receivers(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        """Who is told of an alert with these labels, in the order of the tree."""
        return tuple(path[-1].receiver for path in self.paths(labels))

    def paths(self, labels: Mapping[str, str]) -> tuple[tuple[Route, ...], ...]:
        """Every way that an alert takes from here to a receiver; none where this node does not match."""
        if not all(one.matches(labels.get(one.name, "")) for one in self.matchers):
            return ()
        found: list[tuple[Route, ...]] = []
        for child in self.routes:
            below = child.paths(labels)
            found += [(self, *path) for path in below]
            if below and not child.continues:
                break
        return tuple(found) or ((self,),)


@dataclass(frozen=True, slots=True)
class InhibitRule:
    """While an alert like the source fires, alerts like the target with equal labels stay unsaid."""

    name: str
    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...]
    origin: Location | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """The whole of an Alertmanager's configuration."""

    root: Route
    receivers: Mapping[str, ReceiverSpec]
    inhibit_rules: tuple[InhibitRule, ...] = ()
    intervals: tuple[TimeInterval, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteTest:
    """An alert's labels and who must be told, in the order of the tree."""

    labels: Mapping[str, str]
    receivers: tuple[str, ...]
