"""Makes the nodes: machines in zones and pools, some of them in trouble."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from obsgen.simulate.catalogue import GI
from obsgen.simulate.cluster import Amounts, Node
from obsgen.simulate.curves import CpuCurve, MemoryCurve
from obsgen.simulate.settings import Settings

# Shares of allocatable in use, away from the usual watermarks of 70, 75 and 85 %.
_FILLS: Final = (0.35, 0.48, 0.56, 0.63, 0.66, 0.8, 0.91)
_PEAK: Final = 1.6
# Share of the working set per hour by which a node's memory grows.
_GROWTHS: Final = (0.0, 0.01, 0.02, 0.05, 0.12, -0.03)
_GPU_EVERY: Final = 8
_SKEW_SECONDS: Final = -9
TAINT: Final = "dedicated"


def machines(settings: Settings, random: Random, count: int) -> tuple[Node, ...]:
    """The nodes of one cluster. Nodes in trouble are never the first one, where there are others."""
    nodes = [_machine(settings, random, number) for number in range(count)]
    for place, trap in enumerate(("cordoned-node", "notready-node", "no-schedule-taint", "missing-allocatable")):
        if settings.has(trap) and nodes:
            index = 1 + place % (count - 1) if count > 1 else 0
            nodes[index] = _in_trouble(nodes[index], trap)
    return tuple(nodes)


def _machine(settings: Settings, random: Random, number: int) -> Node:
    # Room grows with the pods that have to fit.
    cores = max(4, -(-settings.pods_per_node // 4))
    capacity = Amounts(cores, max(16, settings.pods_per_node) * GI, 100 * GI)
    gpu = number % _GPU_EVERY == _GPU_EVERY - 1
    if gpu:
        capacity = replace(capacity, nvidia_com_gpu=4)
    allocatable = replace(
        capacity,
        cpu=cores - 0.1,
        memory=capacity.memory - GI // 2,
        ephemeral_storage=90 * GI,
    )
    cpu_fill, memory_fill = random.choice(_FILLS), random.choice(_FILLS)
    # No machine gives more cores than it has.
    peak = min(_PEAK, 0.98 / cpu_fill)
    return Node(
        name=f"node-{number + 1:03d}",
        number=number,
        address=f"10.{20 + number // 65536}.{number // 256 % 256}.{number % 256}",
        zone=f"zone-{'abcdefghijklmnopqrstuvwxyz'[number % settings.zones % 26]}",
        pool="gpu" if gpu else "general",
        capacity=capacity,
        allocatable=allocatable,
        pods=max(110, settings.pods_per_node),
        cpu_fill=cpu_fill,
        memory_fill=memory_fill,
        cpu_curve=CpuCurve(settings.start, settings.seconds, peak),
        memory_curve=MemoryCurve(settings.end, random.choice(_GROWTHS) / 3600),
        skew=_SKEW_SECONDS if settings.has("clock-skew") and number % 3 == 1 else 0,
    )


def _in_trouble(node: Node, trap: str) -> Node:
    match trap:
        case "cordoned-node":
            return replace(node, cordoned=True, memory_fill=0.97)
        case "notready-node":
            return replace(node, ready=False)
        case "no-schedule-taint":
            return replace(node, taint=TAINT, memory_fill=0.2)
    return replace(node, allocatable=None)
