"""What the page of the capacity report draws: tiles of nodes, bars against watermarks, trends; plain geometry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from obsgen.live.answers.types import Forecast
from obsgen.live.types import CapacityReport, NodeCapacity, Resource, ResourceName
from obsgen.live.watermarks import Watermark
from obsgen.report.capacity_rows import state_text

_SHOWN: Final[tuple[ResourceName, ...]] = ("memory", "cpu")
# A level has one shade, and "ok" three, so that an idle node and a nearly full one differ.
_SHADES: Final = ((0.25, "ok-low"), (0.5, "ok-middle"))
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A resource in a tile; a shade of "hatched" says that nothing may be read from the colour."""

    resource: ResourceName
    share: float | None
    word: str
    shade: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A node; `state` is empty where it takes pods as it should."""

    node: str
    state: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Patch:
    """The nodes that share cluster, zone and pool, None for one that they do not name."""

    cluster: str
    zone: str | None
    pool: str | None
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """Shares of a cluster's allocatable, and where they and the watermarks lie on the scale, in percent of it."""

    cluster: str
    name: ResourceName
    resource: Resource
    requested_share: float | None
    watermark: Watermark | None
    full: float

    def at(self, share: float) -> str:
        """A place on the scale, as CSS has it."""
        return f"{100 * max(share, 0.0) / self.full:.2f}%"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A trend over the history and as long again, in a square of 100 by 100 with 0 at the top."""

    forecast: Forecast
    start: float
    end: float
    full: float
    past: str
    ahead: str
    interval: str
    marks: tuple[tuple[str, float, float], ...]  # level, share, height


def patches(nodes: Sequence[NodeCapacity]) -> Iterator[Patch]:
    """The heat map, ordered by cluster, zone, pool and name; the unnamed comes last."""

    def named(node: NodeCapacity) -> tuple[str, bool, str, bool, str]:
        return node.cluster, node.zone is None, node.zone or "", node.pool is None, node.pool or ""

    for _, found in groupby(sorted(nodes, key=lambda node: (*named(node), node.node)), key=named):
        inside = tuple(found)
        yield Patch(inside[0].cluster, inside[0].zone, inside[0].pool, tuple(_tile(node) for node in inside))


def bars(report: CapacityReport) -> Iterator[Bar]:
    """One for each cluster and resource; what is unknown has no length."""
    for cluster in report.clusters:
        for name, resource in cluster.resources.items():
            requested = _share(resource.requested, resource.allocatable)
            shares = [share for share in (resource.utilization, requested) if share is not None]
            mark = report.watermarks.get(name)
            yield Bar(cluster.cluster, name, resource, requested, mark, max(1.0, *shares, 0.0))


def drawings(report: CapacityReport) -> Iterator[Drawing]:
    """The trends of whole clusters; a forecast without a trend has nothing to draw."""
    for row in report.answers.forecasts:
        if row.pool is None and row.utilization is not None and row.slope_per_day is not None:
            yield _drawing(row, row.utilization, row.slope_per_day, report.evaluated_at)


def _tile(node: NodeCapacity) -> Tile:
    state = state_text(node)
    return Tile(
        node.node,
        "" if state == "ready" else "state unknown" if state == "unknown" else state,
        tuple(_cell(name, node.resources, hatched=state != "ready") for name in _SHOWN),
    )


def _cell(name: ResourceName, resources: Mapping[ResourceName, Resource], *, hatched: bool) -> Cell:
    resource = resources.get(name)
    share, level = (resource.utilization, resource.level) if resource else (None, None)
    if share is None:
        return Cell(name, None, "", "hatched")
    word = level if level in ("warning", "critical") else ""
    if hatched or level is None:
        return Cell(name, share, word, "hatched" if hatched else "plain")
    shade = next((shade for limit, shade in _SHADES if share < limit), "ok-high") if level == "ok" else level
    return Cell(name, share, word, shade)


def _share(amount: float | None, whole: float | None) -> float | None:
    return None if amount is None or not whole else amount / whole


def _drawing(row: Forecast, level: float, slope: float, at: float) -> Drawing:
    days = row.span_seconds / _DAY
    full = max(1.0, 1.1 * level)

    def height(share: float) -> float:
        return round(100 * (1 - share / full), 2)

    def ends(each: float | None) -> float:
        return height(level + (slope if each is None else each) * days)

    now, low, high = height(level), ends(row.slope_low), ends(row.slope_high)
    crossings = (("warning", row.warning), ("critical", row.critical))
    return Drawing(
        row,
        at - row.span_seconds,
        at + row.span_seconds,
        full,
        f"0,{height(level - slope * days)} 50,{now}",
        f"50,{now} 100,{ends(slope)}",
        f"50,{now} 100,{high} 100,{low}",
        tuple((name, mark.watermark, height(mark.watermark)) for name, mark in crossings if mark),
    )
