"""The model: clusters of nodes, and workloads of pods with containers that ask and use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from obsgen.simulate.curves import CpuCurve, MemoryCurve
from obsgen.simulate.settings import NodeLabel, Settings

Role = Literal["app", "init", "sidecar"]
Kind = Literal["Deployment", "StatefulSet", "DaemonSet", "Job"]
Phase = Literal["Running", "Pending", "Succeeded", "Failed"]
FINISHED = ("Succeeded", "Failed")

RESOURCES = ("cpu", "memory", "ephemeral_storage", "nvidia_com_gpu")


@dataclass(frozen=True, slots=True)
class Amounts:
    """Cores, bytes, bytes of disk and devices; 0 where nothing is stated."""

    cpu: float = 0.0
    memory: int = 0
    ephemeral_storage: int = 0
    nvidia_com_gpu: int = 0

    def of(self, resource: str) -> float:
        """The amount of one of RESOURCES."""
        return float(getattr(self, resource))


@dataclass(frozen=True, slots=True)
class Container:
    """What one container asks for and, as a share of the pod's own scale, uses."""

    name: str
    requests: Amounts
    limits: Amounts
    used: Amounts
    role: Role = "app"

    @property
    def image(self) -> str:
        """Where it comes from."""
        return f"registry.example.com/{self.name}:1.0"


@dataclass(frozen=True, slots=True)
class Workload:
    """One owner of pods that are all alike."""

    namespace: str
    kind: Kind
    name: str
    containers: tuple[Container, ...]
    replicas: int
    hash: str = ""

    @property
    def owner(self) -> tuple[str, str]:
        """The kind and name that a pod's owner reference states."""
        return ("ReplicaSet", f"{self.name}-{self.hash}") if self.kind == "Deployment" else (self.kind, self.name)


@dataclass(frozen=True, slots=True)
class Node:
    """One machine; `allocatable` is None where it is not said."""

    name: str
    number: int
    address: str
    zone: str
    pool: str
    capacity: Amounts
    allocatable: Amounts | None
    pods: int
    cpu_fill: float
    memory_fill: float
    cpu_curve: CpuCurve
    memory_curve: MemoryCurve
    cordoned: bool = False
    ready: bool = True
    taint: str = ""
    skew: int = 0

    @property
    def schedulable(self) -> bool:
        """Whether a pod without tolerations may be placed here."""
        return not self.cordoned and not self.taint

    @property
    def scrape_offset(self) -> int:
        """Seconds by which its kubelet is scraped before the interval's end, so that not all are at once."""
        return self.number * 7


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod. What its containers use is their share times the scale."""

    workload: Workload
    name: str
    uid: str
    node: Node | None
    phase: Phase = "Running"
    cpu_scale: float = 1.0
    memory_scale: float = 1.0
    # The container that restarted, or whose counter did.
    restarted: str = ""
    reset: str = ""

    @property
    def namespace(self) -> str:
        """The workload's."""
        return self.workload.namespace

    @property
    def placed(self) -> bool:
        """Whether it holds something of a node."""
        return self.node is not None and self.phase not in FINISHED

    @property
    def running(self) -> tuple[Container, ...]:
        """The containers that use something: sidecars stay, other init containers are done."""
        return tuple(c for c in self.workload.containers if c.role != "init") if self.phase == "Running" else ()

    def cores(self, container: Container) -> float:
        """What the container uses at its base."""
        return container.used.cpu * self.cpu_scale

    def bytes(self, container: Container) -> float:
        """What the container's working set is at the end."""
        return container.used.memory * self.memory_scale


@dataclass(frozen=True, slots=True)
class Cluster:
    """Nodes and the pods on them; its samples end at `until`."""

    name: str
    node_label: NodeLabel
    until: int
    nodes: tuple[Node, ...]
    workloads: tuple[Workload, ...]
    pods: tuple[Pod, ...]
    teams: dict[str, str]


@dataclass(frozen=True, slots=True)
class World:
    """Everything behind one address."""

    settings: Settings
    clusters: tuple[Cluster, ...]

    @property
    def restarted_at(self) -> int:
        """When the restarted containers did."""
        return self.settings.moment - 120

    @property
    def silent_from(self) -> int:
        """From when a NotReady node's usage is missing: longer ago than any lookback or window."""
        return self.settings.moment - 600

    def reset_at(self, cluster: Cluster, node: Node) -> int:
        """When counters fell back to zero: right after a scrape, so that none of what they counted is lost."""
        interval = self.settings.interval
        scrapes = (cluster.until - self.settings.moment) // interval + 2
        return cluster.until - node.scrape_offset % interval - scrapes * interval
