"""What a capacity report holds: plain values, None for everything that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from obsgen.live.answers.types import Answers, Pending
from obsgen.live.watermarks import Level, Watermark
from obsgen.units import NO_TIME, Duration

# cpu, memory and pods, and whatever else nodes offer: ephemeral_storage, nvidia_com_gpu.
ResourceName = str
UNITS: Final[Mapping[ResourceName, str]] = {
    "cpu": "cores",
    "memory": "bytes",
    "pods": "pods",
    "ephemeral_storage": "bytes",
}
RESOURCES: Final[tuple[ResourceName, ...]] = ("cpu", "memory", "pods")


def unit_of(resource: ResourceName) -> str:
    """The unit that a resource's amounts are in; what is no usual one is counted in devices."""
    return UNITS.get(resource, "devices")


FindingLevel = Literal["info", "warning", "critical"]


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource in its unit. `utilization` is used / allocatable, from 0 upward.

    `used` is what containers use; `system` is what the whole machine uses, its own daemons included.
    The 95th percentiles are over the report's history.
    """

    unit: str
    allocatable: float | None = None
    requested: float | None = None
    limit: float | None = None
    used: float | None = None
    utilization: float | None = None
    level: Level | None = None
    used_p95: float | None = None
    system: float | None = None
    system_p95: float | None = None


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
    pool: str | None = None
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
class NodeGroup:
    """The schedulable, ready nodes that share a pool or a zone; `name` is None for those that name none."""

    cluster: str
    name: str | None
    nodes: int
    resources: Mapping[ResourceName, Resource]


@dataclass(frozen=True, slots=True)
class TeamCapacity:
    """A team's namespaces together; `team` is None for the namespaces that nobody owns."""

    cluster: str
    team: str | None
    namespaces: tuple[str, ...]
    resources: Mapping[ResourceName, Resource]


@dataclass(frozen=True, slots=True)
class WorkloadCapacity:
    """All pods of one owner: a Deployment, StatefulSet, DaemonSet, Job and so on, or a pod of its own."""

    cluster: str
    namespace: str
    kind: str
    workload: str
    team: str | None
    resources: Mapping[ResourceName, Resource]

    @property
    def pods(self) -> float | None:
        """How many of its pods are on nodes."""
        return self.resources["pods"].used

    def per_pod(self, resource: ResourceName, figure: str = "requested") -> float | None:
        """The mean of its pods' amounts."""
        amount: float | None = getattr(self.resources[resource], figure) if resource in self.resources else None
        return amount / self.pods if amount is not None and self.pods else None


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
    zones: tuple[NodeGroup, ...] = ()
    pools: tuple[NodeGroup, ...] = ()
    teams: tuple[TeamCapacity, ...] = ()
    workloads: tuple[WorkloadCapacity, ...] = ()
    pending: tuple[Pending, ...] = ()
    answers: Answers = field(default_factory=Answers)
    history: Duration = NO_TIME
    watermarks: Mapping[ResourceName, Watermark] = field(default_factory=dict)


def cluster_title(cluster: str) -> str:
    """A cluster's name in a sentence; the label is absent where one Prometheus watches one cluster."""
    return f"cluster {cluster}" if cluster else "the cluster"
