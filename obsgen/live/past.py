"""What the history held: points over time by place, and what may be concluded from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from obsgen.units import NO_TIME, Duration

Points = Mapping[float, float]  # seconds since 1970 to value
FEWEST_POINTS: Final = 12
SHORTEST_SPAN: Final = 6 * 3600.0
PERCENTILE: Final = 0.95


@dataclass(frozen=True)
class Past:
    """Machines by cluster, node and resource; workloads by cluster, namespace, kind, name, resource and figure."""

    history: Duration = NO_TIME
    machines: Mapping[tuple[str, ...], Points] = field(default_factory=dict)
    workloads: Mapping[tuple[str, ...], Points] = field(default_factory=dict)
    memory_peaks: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    oom_killed: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def machine(self, cluster: str, nodes: Iterable[str], resource: str) -> Points:
        """What these nodes used together; a step at which one of those seen then and now is silent is left out."""
        found = [points for node in nodes if (points := self.machines.get((cluster, node, resource)))]
        return summed_where_all(found)

    def workload(self, key: tuple[str, ...], resource: str, figure: str = "total") -> Points:
        """One workload's points."""
        return self.workloads.get((*key, resource, figure), {})

    def namespace(self, cluster: str, names: Iterable[str], resource: str) -> Points:
        """What all workloads of these namespaces used together; one that was not there used nothing."""
        return summed(self._namespaces.get((cluster, name, resource), {}) for name in names)

    @cached_property
    def _namespaces(self) -> Mapping[tuple[str, str, str], Points]:
        parts: dict[tuple[str, str, str], list[Points]] = defaultdict(list)
        for (cluster, namespace, _, _, resource, figure), points in self.workloads.items():
            if figure == "total":
                parts[cluster, namespace, resource].append(points)
        return {key: summed(found) for key, found in parts.items()}


def summed(parts: Iterable[Points]) -> Points:
    """The sum at every time that any part has."""
    total: dict[float, float] = defaultdict(float)
    for points in parts:
        for time, value in points.items():
            total[time] += value
    return dict(sorted(total.items()))


def summed_where_all(parts: Sequence[Points]) -> Points:
    """The sum at the times that every part has."""
    if not parts:
        return {}
    times = set.intersection(*(set(points) for points in parts))
    return {time: sum(points[time] for points in parts) for time in sorted(times)}


def enough(points: Points) -> bool:
    """Whether there are points enough, over time enough, to conclude something."""
    return len(points) >= FEWEST_POINTS and max(points) - min(points) >= SHORTEST_SPAN


def percentile(points: Points, share: float = PERCENTILE) -> float | None:
    """The value that `share` of the points stay below, between two neighbours as Prometheus does; None of too few."""
    if not enough(points):
        return None
    ordered = sorted(points.values())
    rank = share * (len(ordered) - 1)
    below = int(rank)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (rank - below)
