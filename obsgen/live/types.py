"""What a capacity report holds: plain values, None for everything that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from obsgen.live.watermarks import Level
from obsgen.units import Duration

ResourceName = Literal["cpu", "memory", "pods"]
UNITS: Final[Mapping[ResourceName, str]] = {"cpu": "cores", "memory": "bytes", "pods": "pods"}
RESOURCES: Final[tuple[ResourceName, ...]] = ("cpu", "memory", "pods")

FindingLevel = Literal["info", "warning", "critical"]


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource in its unit: cores, bytes or pods. `utilization` is used / allocatable, from 0 upward."""

    unit: str
    allocatable: float | None = None
    requested: float | None = None
    limit: float | None = None
    used: float | None = None
    utilization: float | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class ClusterCapacity:
    """A cluster's figures over its schedulable, ready nodes: what it can still take work on."""

    cluster: str
    resources: Mapping[ResourceName, Resource]


@dataclass(frozen=True, slots=True)
class NodeCapacity:
    """One node; it is not schedulable while cordoned, or tainted so that only some pods may be placed on it."""

    cluster: str
    node: str
    schedulable: bool | None
    ready: bool | None
    zone: str | None
    resources: Mapping[ResourceName, Resource]
    taints: tuple[str, ...] = ()

    @property
    def takes_pods(self) -> bool:
        """Whether it counts towards the cluster; what is not known to be wrong counts."""
        return self.schedulable is not False and self.ready is not False

    @property
    def title(self) -> str:
        """The name that a finding shows."""
        return f"node {self.cluster}/{self.node}" if self.cluster else f"node {self.node}"


@dataclass(frozen=True, slots=True)
class NamespaceCapacity:
    """One namespace's share; nothing is allocatable to a namespace, so it has no utilization."""

    cluster: str
    namespace: str
    resources: Mapping[ResourceName, Resource]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the platform that wants attention; `info` asks for nothing."""

    level: FindingLevel
    about: str
    message: str


@dataclass(frozen=True, slots=True)
class CapacityReport:
    """How full everything is at `evaluated_at`, in seconds since 1970; CPU is a mean over `window`.

    `findings` speak of the platform, `warnings` of what the backend or its data lacked.
    """

    evaluated_at: float
    window: Duration
    clusters: tuple[ClusterCapacity, ...]
    nodes: tuple[NodeCapacity, ...]
    namespaces: tuple[NamespaceCapacity, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]


def cluster_title(cluster: str) -> str:
    """A cluster's name in a sentence; the label is absent where one Prometheus watches one cluster."""
    return f"cluster {cluster}" if cluster else "the cluster"
