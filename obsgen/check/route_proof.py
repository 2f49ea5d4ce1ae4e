"""The routing tree proved against the spec: exactly, for every alert there can be and every minute of the week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from obsgen.check.inhibition_proof import inhibition_faults
from obsgen.check.route_text import alert_text, path_text, route_text
from obsgen.diagnostics import Diagnostic, Location
from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import Route, Routing
from obsgen.lower import hours
from obsgen.lower.names import NOBODY
from obsgen.lower.told import Inside, Labels, Told, distinctions, rows, tier_of, told
from obsgen.model.routing import RoutingPlan
from obsgen.model.stack import Stack
from obsgen.routes.hours import Stretch, occasions
from obsgen.routes.regions import Partition, Path, Region, partition
from obsgen.routes.undecidable import UndecidableError

_PROBE = ""
_occasions = lru_cache(maxsize=8)(occasions)


@dataclass(frozen=True, slots=True)
class RouteProof:
    """What was looked at, and what is wrong."""

    routes: int
    regions: int
    occasions: int
    findings: tuple[Diagnostic, ...]


def prove_routes(stack: Stack, bundle: Bundle) -> RouteProof:
    """Hold the tree against the spec, for every alert there can be."""
    assert bundle.routing is not None
    proof = _Proof(stack, bundle.routing)
    try:
        findings = (*proof.unreachable(), *proof.astray(), *inhibition_faults(stack, bundle))
    except UndecidableError as fault:
        where = stack.places.of_key("routing")
        hint = "write it with plain text, sets, groups and repeats"
        undecided = Diagnostic("OBS489", f"the routing tree cannot be proved: {fault}", where, hint)
        return RouteProof(len(proof.routes), 0, 0, (undecided,))
    return RouteProof(len(proof.routes), len(proof.regions), len(proof.occasions), findings)


def unproved_route(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """What is wrong with the tree, as a check like any other."""
    yield from prove_routes(stack, bundle).findings


class _Proof:
    def __init__(self, stack: Stack, routing: Routing) -> None:
        self.plan: RoutingPlan = stack.routing
        self.stack = stack
        self.root = routing.root
        intervals = [interval for one in self.plan.hours.values() for interval in hours.intervals(one)]
        self.occasions = _occasions(tuple(intervals))

    @cached_property
    def partition(self) -> Partition:
        return partition(self.root)

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        return tuple(_below(self.root))

    @cached_property
    def regions(self) -> tuple[tuple[Region, tuple[Path, ...]], ...]:
        """Alerts that go the same ways and that the spec speaks of in the same way."""
        # Routes that go on, one for each thing that the spec tells apart, part the alerts without moving any.
        probes = tuple(
            replace(self.root, receiver=_PROBE, matchers=matchers, continues=True, routes=())
            for matchers in dict.fromkeys(distinctions(self.plan))
        )
        parted = partition(replace(self.root, routes=(*probes, *self.root.routes)))
        return tuple((region, self._real(region.paths)) for region in parted.regions)

    def _real(self, paths: tuple[Path, ...]) -> tuple[Path, ...]:
        kept = tuple((self.root, *path[1:]) for path in paths if path[-1].receiver != _PROBE)
        return kept or ((self.root,),)

    def unreachable(self) -> Iterator[Diagnostic]:
        """Routes that no alert comes to."""
        unreached = {id(one.path[-1]) for one in self.partition.unreachable}
        for one in self.partition.unreachable:
            if id(one.path[-2]) in unreached:
                continue
            takers = " and ".join(f"{route_text(taker)} to '{taker.receiver}'" for taker in one.covered_by)
            why = f"{takers} take all of it before" if takers else "its matchers and those above it exclude each other"
            where = self._place(one.path)
            together = "together " if len(one.covered_by) > 1 else ""
            message = f"no alert reaches the route {path_text(one.path)}: {together}{why}"
            yield Diagnostic("OBS480", message, where, "move it up, narrow what stands before it, or take it out")

    def astray(self) -> Iterator[Diagnostic]:
        """Alerts that land, at some time, elsewhere than the spec says; each fault once, by its first example."""
        # Routes are told apart by being themselves: to compare the root is to compare the whole tree.
        seen = set[tuple[object, ...]]()
        shown = set[tuple[str, tuple[int, ...]]]()
        for labels, paths in self._ways():
            wanted = told(self.plan, labels)
            ends = tuple(id(path[-1]) for path in paths)
            asked = (ends, wanted, tier_of(labels) == "P1", labels.get("action") in self.plan.actions)
            if asked in seen:
                continue
            seen.add(asked)
            for finding in self._judged(labels, paths, wanted):
                if (finding.code, ends) not in shown:
                    shown.add((finding.code, ends))
                    yield finding

    def _ways(self) -> Iterator[tuple[Labels, tuple[Path, ...]]]:
        """An alert of every kind, and its ways: all that the tree tells apart, and each team's in each layer and tier.

        A team that the tree does not know would be lost among all others: its rows show it.
        """
        parted = [(region.example, paths) for region, paths in self.regions]
        yield from sorted(parted, key=lambda one: (len(one[0]), sorted(one[0].items())))
        yield from ((labels, self.root.paths(labels)) for labels in rows(self.plan))

    def _judged(self, labels: Labels, paths: tuple[Path, ...], wanted: tuple[Told, ...]) -> Iterator[Diagnostic]:
        where = self._place(paths[-1])
        way = "; ".join(map(path_text, paths))
        automation = frozenset(self.plan.actions.values())
        if labels.get("action") in self.plan.actions and not told_by(paths) - automation:
            message = f"{alert_text(labels)} reaches automation alone: {way}"
            yield Diagnostic("OBS483", message, where, "notify a receiver for people too")
            return
        for moment in self.occasions:
            found = told_by(paths, moment.inside)
            named = frozenset(one.receiver for one in wanted if one.now(moment.inside)) - {NOBODY}
            if found != named:
                message = (
                    f"{alert_text(labels)} should reach {_names(named)}{self._when(moment)}, not {_names(found)}: {way}"
                )
                yield Diagnostic("OBS481", message, where, "the tree does not do what the spec says: report it")
                return
            if tier_of(labels) == "P1" and not found - automation:
                message = f"a page, {alert_text(labels)}, reaches no receiver{self._when(moment)}: {way}"
                yield Diagnostic("OBS482", message, where, "notify a receiver of it at all hours")
                return

    def _when(self, moment: Stretch) -> str:
        """A time at which it is so; nothing where it always is."""
        return f" on {moment.start:%A %Y-%m-%d at %H:%M} UTC" if len(self.occasions) > 1 else ""

    def _place(self, path: Path) -> Location:
        """The place of the spec that the route comes from."""
        places = self.stack.places
        for own in self.plan.routes:
            if any(route.matchers == own.matchers for route in path[1:2]):
                return own.origin
        for matcher in (one for route in path for one in route.matchers):
            if matcher.name == "team" and matcher.value in self.plan.teams:
                return self.plan.teams[matcher.value].origin
            if matcher.name == "action" and matcher.value in self.plan.actions:
                return places.of("routing", "actions", matcher.value)
        return places.of("routing", "default")


def _below(route: Route) -> Iterator[Route]:
    yield route
    for child in route.routes:
        yield from _below(child)


def told_by(paths: tuple[Path, ...], inside: Inside | None = None) -> frozenset[str]:
    """The receivers at the ends that speak while these intervals hold, or at any time; without the one that drops."""
    ends = (path[-1] for path in paths)
    return frozenset(one.receiver for one in ends if inside is None or one.speaks(inside)) - {NOBODY}


def _names(receivers: frozenset[str]) -> str:
    return " and ".join(sorted(receivers)) or "no receiver"
