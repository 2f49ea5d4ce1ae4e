"""What is recorded, sorted by objective, cluster and group; two replicas' equal series count once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from obsgen.live.types import cluster_title
from obsgen.query.samples import Vector, amount

Place = tuple[str, str, str]  # cluster, component, objective
Labels = tuple[tuple[str, str], ...]

_OWN = ("cluster", "component", "objective")
_TOLD = frozenset({"team", "layer", "period", "sli"})


@dataclass(frozen=True, slots=True)
class Promise:
    """What an objective promises. `shared` are labels that a backend puts on every series: they are no groups."""

    place: Place
    target: float
    period: str
    team: str = ""
    layer: str = ""
    shared: frozenset[str] = frozenset()

    @property
    def budget(self) -> float:
        """The share of events that may fail."""
        # 1 - 0.999 is not quite 0.001 in floats, and nobody promises a millionth of a millionth.
        return round(1 - self.target, 12)

    def group(self, labels: Mapping[str, str]) -> Labels:
        """The labels by which the objective counts apart."""
        return tuple(sorted((name, value) for name, value in labels.items() if name not in self.shared))


@dataclass(frozen=True, slots=True)
class Recorded:
    """Metric to value, by group, by place."""

    places: Mapping[Place, Mapping[Labels, Mapping[str, float]]] = field(default_factory=dict)

    def of(self, promise: Promise) -> Mapping[Labels, Mapping[str, float]]:
        """Each group's readings; one group without any where nothing was measured."""
        return self.places.get(promise.place) or {(): {}}


def promises(vector: Vector) -> dict[Place, Promise]:
    """By place, in order. A target of 100 % has no budget to speak of and is left out."""
    found = {}
    for sample in vector:
        labels, place = sample.labels, place_of(sample.labels)
        promise = Promise(
            place,
            sample.value,
            period=labels.get("period", ""),
            team=labels.get("team", ""),
            layer=labels.get("layer", ""),
            shared=frozenset(labels) - _TOLD | {"__name__"},
        )
        if 0 < sample.value < 1 and promise.budget:
            found[place] = promise
    return dict(sorted(found.items()))


def recorded(vector: Vector, promised: Mapping[Place, Promise]) -> Recorded:
    """The readings of what was promised; what is no amount is no reading."""
    places: dict[Place, dict[Labels, dict[str, float]]] = {}
    for sample in vector:
        promise = promised.get(place_of(sample.labels))
        value = amount(sample.value)
        if promise is None or value is None:
            continue
        metric, group = sample.labels.get("__name__", ""), promise.group(sample.labels)
        readings = places.setdefault(promise.place, {}).setdefault(group, {})
        readings[metric] = max(value, readings.get(metric, -math.inf))
    return Recorded({place: dict(sorted(groups.items())) for place, groups in places.items()})


def strays(vector: Vector, promised: Vector) -> tuple[str, ...]:
    """A warning for each objective that is recorded where no target of it is, as under another cluster's name."""
    known = {place_of(sample.labels) for sample in promised}
    lost = sorted({place_of(sample.labels) for sample in vector} - known)
    return tuple(
        f"{component}/{objective} is recorded in {cluster_title(cluster)}, but no target of it is: do its series "
        "carry the cluster label that the spec names?"
        for cluster, component, objective in lost
    )


def place_of(labels: Mapping[str, str]) -> Place:
    """Where a series belongs."""
    cluster, component, objective = (labels.get(name, "") for name in _OWN)
    return cluster, component, objective
