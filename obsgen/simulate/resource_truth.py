"""One resource's true figures: what pods reserve and use, and how that is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from obsgen.simulate.cluster import Container, Node, Pod, World
from obsgen.simulate.usage_series import busy_percent

# The usual watermarks: shares of allocatable past which a level is a warning, then critical.
MARKS: Final = {"cpu": (0.70, 0.85), "memory": (0.75, 0.85)}
UNITS: Final = {
    "cpu": "cores",
    "memory": "bytes",
    "pods": "pods",
    "ephemeral_storage": "bytes",
    "nvidia_com_gpu": "devices",
}
Figures = dict[str, Any]


def asked(pods: Sequence[Pod], resource: str) -> Figures:
    """Requests and limits, as the scheduler reserves them."""
    return {
        "requested": sum(_effective(pod, lambda container: container.requests.of(resource)) for pod in pods),
        "limit": sum(_effective(pod, lambda container: container.limits.of(resource)) for pod in pods),
    }


def _effective(pod: Pod, amount: Callable[[Container], float]) -> float:
    """As the scheduler reserves it: all that stays, or the largest init container beside the sidecars."""
    roles: dict[str, list[float]] = {"app": [0.0], "init": [0.0], "sidecar": [0.0]}
    for container in pod.workload.containers:
        roles[container.role].append(amount(container))
    return max(sum(roles["app"]), *roles["init"]) + sum(roles["sidecar"])


def used(world: World, pods: Sequence[Pod], resource: str) -> float | None:
    """At the truth's moment; CPU is at its base there, and has been for longer than the window."""
    match resource:
        case "cpu":
            return sum(pod.cores(container) for pod in pods for container in pod.running)
        case "memory":
            return sum(_working_set(world, pod, container) for pod in pods for container in pod.running)
        case "ephemeral_storage":
            return sum(container.used.ephemeral_storage for pod in pods for container in pod.running)
    return None


def devices_used(node: Node) -> float | None:
    """How many of the node's GPUs are at work; a node without them says nothing."""
    numbers = range(node.capacity.nvidia_com_gpu)
    return sum(map(busy_percent, numbers)) / 100 if numbers else None


def _working_set(world: World, pod: Pod, container: Container) -> float:
    assert pod.node is not None, "only a pod on a node uses anything"
    return pod.bytes(container) * pod.node.memory_curve.at(world.settings.moment)


def judged(name: str, *, utilization: float | None = None, **amounts: float | None) -> Figures:
    """The figures with their share and its level."""
    figures: Figures = {"unit": UNITS[name], "allocatable": None, "requested": None, "limit": None, "used": None}
    figures |= amounts
    if utilization is None and figures["used"] is not None and figures["allocatable"]:
        utilization = figures["used"] / figures["allocatable"]
    return figures | {"utilization": utilization, "level": _level(name, utilization)}


def _level(name: str, utilization: float | None) -> str | None:
    if utilization is None:
        return None
    warning, critical = MARKS.get(name, (float("inf"), float("inf")))
    return "critical" if utilization > critical else "warning" if utilization > warning else "ok"


def total(values: Iterable[float | None]) -> float | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
