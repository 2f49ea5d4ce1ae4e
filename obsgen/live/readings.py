"""The answers of all queries, and their figures by place: what is not answered is absent, never zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from obsgen.live.ownership import KIND, WORKLOAD
from obsgen.live.types import RESOURCES, Resource, ResourceName, unit_of
from obsgen.live.watermarks import Watermark
from obsgen.query.samples import Vector, amount

# Query to the resource whose use it answers; nothing tells which workload uses a GPU.
_USED: Final = {
    "cpu_used": "cpu",
    "memory_used": "memory",
    "pods": "pods",
    "storage_used": "ephemeral_storage",
    "gpus_used": "nvidia_com_gpu",
}

Place = tuple[str, ...]  # cluster, and a node or namespace in it, and a workload in that


@dataclass(frozen=True, slots=True)
class Readings:
    """Query name to answer."""

    vectors: Mapping[str, Vector]

    def by(self, query: str, *labels: str) -> dict[tuple[str, ...], float]:
        """The answer's values by these labels; what is no amount is no value."""
        return {
            tuple(sample.labels.get(label, "") for label in labels): value
            for sample in self.vectors.get(query, Vector())
            if (value := amount(sample.value)) is not None
        }

    def sums(self, query: str, *labels: str) -> dict[tuple[str, ...], float]:
        """The answer's values added up by these labels."""
        sums: dict[tuple[str, ...], float] = defaultdict(float)
        for sample in self.vectors.get(query, Vector()):
            if (value := amount(sample.value)) is not None:
                sums[tuple(sample.labels.get(label, "") for label in labels)] += value
        return dict(sums)

    def clusters(self, query: str) -> frozenset[str]:
        """The clusters that the answer speaks of."""
        return frozenset(cluster for (cluster,) in self.by(query, "cluster"))

    def warnings(self) -> tuple[str, ...]:
        """What the backend said, each with the query that it said it about."""
        return tuple(
            f"query '{name}': {warning}" for name, vector in self.vectors.items() for warning in vector.warnings
        )


@dataclass(frozen=True)
class Figures:
    """Values by cluster, place and resource."""

    allocatable: Mapping[tuple[str, ...], float]
    requested: Mapping[tuple[str, ...], float]
    limit: Mapping[tuple[str, ...], float]
    used: Mapping[tuple[str, ...], float]

    def places(self) -> frozenset[Place]:
        """Every place that any figure speaks of; usage that names no place has none."""
        keys = {*self.allocatable, *self.requested, *self.limit, *self.used}
        return frozenset(key[:-1] for key in keys if all(key[1:-1]))

    @cached_property
    def _others(self) -> Mapping[Place, set[ResourceName]]:
        found: dict[Place, set[ResourceName]] = defaultdict(set)
        for values in (self.allocatable, self.requested):
            for key, value in values.items():
                if value and key[-1] not in RESOURCES:
                    found[key[:-1]].add(key[-1])
        return found

    def names(self, place: Place) -> tuple[ResourceName, ...]:
        """The usual resources, and the others that the place offers or asks for."""
        return (*RESOURCES, *sorted(self._others.get(place, ())))

    @cached_property
    def _listed(self) -> Mapping[str, set[tuple[str, ResourceName]]]:
        """Figure to the clusters and resources that it speaks of."""
        return {name: {(key[0], key[-1]) for key in getattr(self, name)} for name in ("requested", "limit", "used")}

    def _counted(self, figure: str, place: Place, name: ResourceName) -> float | None:
        """The value; zero where others of the cluster have one, as kube-state-metrics lists only what is set.

        For what is rare, such as accelerators, it is enough that the cluster has a value of anything.
        """
        values: Mapping[tuple[str, ...], float] = getattr(self, figure)
        if (*place, name) in values:
            return values[(*place, name)]
        usual = [name] if name in RESOURCES else RESOURCES
        return 0.0 if any((place[0], one) in self._listed[figure] for one in usual) else None

    def resources(self, place: Place, watermarks: Mapping[str, Watermark]) -> dict[ResourceName, Resource]:
        """All the place's resources."""
        return {name: self.resource(place, name, watermarks.get(name)) for name in self.names(place)}

    def resource(self, place: Place, name: ResourceName, watermark: Watermark | None) -> Resource:
        """The place's figures of one resource."""
        key = (*place, name)
        used = self._counted("used", place, name) if name == "pods" else self.used.get(key)
        return judged(
            name,
            watermark,
            allocatable=self.allocatable.get(key),
            requested=self._counted("requested", place, name),
            limit=self._counted("limit", place, name),
            used=used,
        )


def node_figures(readings: Readings) -> Figures:
    """Figures by node."""
    return _figures(readings, "", "node")


def namespace_figures(readings: Readings) -> Figures:
    """Figures by namespace: the sums of its workloads'."""
    return _figures(readings, "workload_", "namespace")


def workload_figures(readings: Readings) -> Figures:
    """Figures by workload."""
    return _figures(readings, "workload_", "namespace", KIND, WORKLOAD)


def judged(
    name: ResourceName,
    watermark: Watermark | None,
    *,
    utilization: float | None = None,
    **amounts: float | None,
) -> Resource:
    """A resource with its level; without a given utilization it is used / allocatable, where both are known.

    A resource without a watermark is never past one. A share of an allocatable of zero is unknown.
    """
    used, allocatable = amounts["used"], amounts["allocatable"]
    if utilization is None and used is not None and allocatable:
        utilization = used / allocatable
    level = None if utilization is None else watermark.level(utilization) if watermark else "ok"
    return Resource(unit_of(name), **amounts, utilization=utilization, level=level)


def _figures(readings: Readings, prefix: str, *place: str) -> Figures:
    def used(query: str, resource: ResourceName) -> dict[tuple[str, ...], float]:
        return {(*key, resource): value for key, value in readings.sums(query, "cluster", *place).items()}

    return Figures(
        allocatable={} if prefix else readings.by("allocatable", "cluster", *place, "resource"),
        requested=readings.sums(f"{prefix}requested", "cluster", *place, "resource"),
        limit=readings.sums(f"{prefix}limit", "cluster", *place, "resource"),
        used={
            key: value for query, resource in _USED.items() for key, value in used(f"{prefix}{query}", resource).items()
        },
    )
