"""The answers of all queries, and their figures by place: what is not answered is absent, never zero."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from obsgen.live.types import UNITS, Resource, ResourceName
from obsgen.live.watermarks import Watermark
from obsgen.query.samples import Vector

Place = tuple[str, str]  # cluster, and a node or namespace in it


@dataclass(frozen=True, slots=True)
class Readings:
    """Query name to answer."""

    vectors: Mapping[str, Vector]

    def by(self, query: str, *labels: str) -> dict[tuple[str, ...], float]:
        """The answer's values by these labels; NaN and infinities are no values."""
        return {
            tuple(sample.labels.get(label, "") for label in labels): sample.value
            for sample in self.vectors.get(query, Vector())
            if math.isfinite(sample.value)
        }

    def clusters(self, query: str) -> frozenset[str]:
        """The clusters that the answer speaks of."""
        return frozenset(cluster for (cluster,) in self.by(query, "cluster"))

    def warnings(self) -> tuple[str, ...]:
        """What the backend said, each with the query that it said it about."""
        return tuple(
            f"query '{name}': {warning}" for name, vector in self.vectors.items() for warning in vector.warnings
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """Values by cluster, place and resource."""

    allocatable: Mapping[tuple[str, ...], float]
    requested: Mapping[tuple[str, ...], float]
    limit: Mapping[tuple[str, ...], float]
    used: Mapping[tuple[str, ...], float]

    def places(self) -> frozenset[Place]:
        """Every place that any figure speaks of; usage that names no place has none."""
        keys = {*self.allocatable, *self.requested, *self.limit, *self.used}
        return frozenset((cluster, place) for cluster, place, _ in keys if place)

    def resource(self, place: Place, name: ResourceName, watermark: Watermark | None) -> Resource:
        """The place's figures of one resource."""
        key = (*place, name)
        used = _counted(self.used, key) if name == "pods" else self.used.get(key)
        return judged(
            name,
            watermark,
            allocatable=self.allocatable.get(key),
            requested=_counted(self.requested, key),
            limit=_counted(self.limit, key),
            used=used,
        )


def node_figures(readings: Readings) -> Figures:
    """Figures by node."""
    return _figures(readings, "", "node")


def namespace_figures(readings: Readings) -> Figures:
    """Figures by namespace."""
    return _figures(readings, "namespace_", "namespace")


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
    return Resource(UNITS[name], **amounts, utilization=utilization, level=level)


def _figures(readings: Readings, prefix: str, place: str) -> Figures:
    def used(query: str, resource: ResourceName) -> dict[tuple[str, ...], float]:
        return {(*key, resource): value for key, value in readings.by(query, "cluster", place).items()}

    return Figures(
        allocatable={} if prefix else readings.by("allocatable", "cluster", place, "resource"),
        requested=readings.by(f"{prefix}requested", "cluster", place, "resource"),
        limit=readings.by(f"{prefix}limit", "cluster", place, "resource"),
        used=used(f"{prefix}cpu_used", "cpu") | used(f"{prefix}memory_used", "memory") | used(f"{prefix}pods", "pods"),
    )


def _counted(values: Mapping[tuple[str, ...], float], key: tuple[str, str, ResourceName]) -> float | None:
    """The value; zero where others of the cluster have one, as kube-state-metrics lists only what is set."""
    if key in values:
        return values[key]
    cluster, _, resource = key
    return 0.0 if any(other[0] == cluster and other[2] == resource for other in values) else None
