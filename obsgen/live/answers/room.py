"""What nodes have free for new pods, by requests, as the scheduler counts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from obsgen.live.types import NodeCapacity

# A request that fills the node to the last byte fits; floating point must not say otherwise.
_SLACK = 1e-9


def free_on(node: NodeCapacity) -> dict[str, float | None]:
    """Allocatable less requested, by resource, never below zero; pods count by number. None is not known."""
    free: dict[str, float | None] = {}
    for name, resource in node.resources.items():
        taken = resource.used if name == "pods" else resource.requested
        known = resource.allocatable is not None and taken is not None
        free[name] = max(resource.allocatable - taken, 0.0) if known else None  # type: ignore[operator]
    return free


def times(free: Mapping[str, float | None], pod: Mapping[str, float]) -> int | None:
    """How many pods of this size the free room holds; None where a needed figure is not known.

    A resource that the node does not offer has no room. An unknown number of pods limits nothing.
    """
    counts = []
    for name, asked in pod.items():
        if asked <= 0:
            continue
        room = free.get(name, 0.0)
        if room is None:
            return None
        counts.append(math.floor(room / asked + _SLACK))
    slots = free.get("pods")
    if slots is not None:
        counts.append(int(slots))
    return min(counts, default=None)


def lacking(free: Mapping[str, float | None], pod: Mapping[str, float]) -> tuple[str, ...]:
    """The resources that are too short for one pod of this size."""
    short = []
    for name, asked in {**pod, "pods": 1.0}.items():
        room = free.get(name, 0.0 if name in pod else None)
        if room is not None and asked > room * (1 + _SLACK):
            short.append(name)
    return tuple(short)


def total(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
