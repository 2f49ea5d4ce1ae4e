"""When alerts reach nobody, because every way they go is muted at the time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from obsgen.ir.hours import TimeInterval
from obsgen.ir.routes import Route
from obsgen.routes.hours import Stretch, occasions
from obsgen.routes.regions import Region


@dataclass(frozen=True, slots=True)
class Quiet:
    """Alerts that nobody is told of in some time."""

    region: Region
    stretches: tuple[Stretch, ...]
    """One for each set of intervals that does this to them, the first of its kind."""


def speaks(route: Route, inside: Collection[str]) -> bool:
    """Whether the route notifies while these intervals hold and no others; only the last route of a way is asked."""
    active = not route.active or any(name in inside for name in route.active)
    return active and not any(name in inside for name in route.muted)


def quiet(regions: Iterable[Region], intervals: Sequence[TimeInterval]) -> tuple[Quiet, ...]:
    """The regions that at some minute nobody is told of."""
    asked = occasions(intervals)
    found = ((region, tuple(one for one in asked if not _heard(region, one))) for region in regions)
    return tuple(Quiet(region, unheard) for region, unheard in found if unheard)


def _heard(region: Region, stretch: Stretch) -> bool:
    return any(speaks(path[-1], stretch.inside) for path in region.paths)
