"""What the data lacked: metrics that no series came from, and what therefore stays unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from obsgen.live.ownership import WORKLOAD
from obsgen.live.readings import Readings
from obsgen.live.types import NodeCapacity, cluster_title
from obsgen.query.errors import PrometheusError
from obsgen.query.prometheus import Prometheus

_KUBE_STATE_METRICS = "scrape kube-state-metrics 2.0 or newer"
_CADVISOR = "scrape the kubelets' /metrics/cadvisor"
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Need:
    """A query's metric, what is unknown without it, and how it is had.

    With a resource, it is missed only where pods ask for that resource.
    """

    query: str
    metric: str
    unknown: str
    remedy: str
    resource: str = ""


NEEDS: Final = (
    Need("allocatable", "kube_node_status_allocatable", "what nodes can take is not known", _KUBE_STATE_METRICS),
    Need("cordoned", "kube_node_spec_unschedulable", "all nodes are taken for schedulable", _KUBE_STATE_METRICS),
    Need("ready", "kube_node_status_condition", "all nodes are taken for ready", _KUBE_STATE_METRICS),
    Need(
        "zone",
        "kube_node_labels",
        "zones are not known",
        "start kube-state-metrics with --metric-labels-allowlist=nodes=[topology.kubernetes.io/zone]",
    ),
    Need("memory_used", "container_memory_working_set_bytes", "memory in use is not known", _CADVISOR),
    Need("cpu_used", "container_cpu_usage_seconds_total", "CPU in use is not known", _CADVISOR),
    Need(
        "storage_used",
        "container_fs_usage_bytes",
        "what containers wrote on disks is not known",
        "not every container runtime tells it",
        resource="ephemeral_storage",
    ),
    Need(
        "gpus_used",
        "DCGM_FI_DEV_GPU_UTIL",
        "how busy GPUs are is not known",
        "scrape the DCGM exporter",
        resource="nvidia_com_gpu",
    ),
    Need("requested", "kube_pod_container_resource_requests", "requests are not known", _KUBE_STATE_METRICS),
    Need(
        "limit",
        "kube_pod_container_resource_limits",
        "limits are not known",
        "set limits, or let them be scraped",
    ),
    Need("owners", "kube_pod_owner", "workloads are not known", _KUBE_STATE_METRICS),
    Need("pods", "kube_pod_info", "the number of pods is not known", _KUBE_STATE_METRICS),
)
_OF_PODS: Final = frozenset({"memory_used", "cpu_used", "requested", "limit", "pods"})
# No figure of its own, but without it every finished pod counts.
PHASE: Final = "kube_pod_status_phase"


def gaps(prometheus: Prometheus, readings: Readings, clusters: Sequence[str], *, at: float) -> Iterator[str]:
    """One warning per cluster and metric that is missing, with its likely cause."""
    metrics = [need.metric for need in NEEDS]
    try:
        stored: Collection[str] = prometheus.metric_names([*metrics, PHASE], start=at - _HOUR, end=at)
    except PrometheusError as error:
        # The listing only explains what is missing: a backend without it still answers every query.
        yield f"{error}; why a metric is missing is therefore not said"
        stored = [*metrics, PHASE]
    for cluster in clusters:
        empty = cluster in readings.clusters("allocatable") and _without_pods(cluster, readings, stored)
        if empty:
            yield f"{cluster_title(cluster)}: no pod is known here, so what is used and asked for is not known either"
        for need in NEEDS:
            if (empty and need.query in _OF_PODS) or not _matters(need, readings, cluster):
                continue
            if cluster not in _answered(readings, need.query):
                cause = _cause(need, stored)
                yield f"{cluster_title(cluster)}: {need.unknown}, for lack of {need.metric}: {cause}"
    if PHASE not in stored:
        yield f"finished pods count as running, for lack of {PHASE}: {_KUBE_STATE_METRICS}"


def doubled(nodes: Sequence[NodeCapacity]) -> Iterator[str]:
    """A self-check: the scheduler never places more requests on a node than are allocatable there."""
    for node in nodes:
        for name, resource in node.resources.items():
            asked, room = resource.requested, resource.allocatable
            if asked is not None and room and asked > room * 1.001:
                yield (
                    f"{node.title}: requests of {name} are {asked / room:.0%} of allocatable, which no "
                    "scheduler allows: are two clusters stored here without a 'cluster' label each?"
                )


def _matters(need: Need, readings: Readings, cluster: str) -> bool:
    return not need.resource or bool(readings.sums("requested", "cluster", "resource").get((cluster, need.resource)))


def _without_pods(cluster: str, readings: Readings, stored: Collection[str]) -> bool:
    """Whether there are pods elsewhere, but none in this cluster."""
    return all(
        need.metric in stored and cluster not in readings.clusters(need.query)
        for need in NEEDS
        if need.query in _OF_PODS
    )


def _answered(readings: Readings, query: str) -> frozenset[str]:
    if query == "owners":
        rows = readings.by("workload_pods", "cluster", WORKLOAD)
        # Where no pods are known at all, that is said already.
        counted = readings.clusters("workload_pods")
        return frozenset(cluster for cluster, name in rows if name) | (readings.clusters("allocatable") - counted)
    if query != "zone":
        return readings.clusters(query)
    zones = readings.by("zone", "cluster", "label_topology_kubernetes_io_zone")
    return frozenset(cluster for cluster, zone in zones if zone)


def _cause(need: Need, stored: Collection[str]) -> str:
    if need.metric not in stored:
        return need.remedy
    if need.query == "cpu_used":
        return "it is stored, but has no two samples in the window: take a window of four scrapes or more"
    if need.query == "memory_used":
        return "it is stored, but its series name no container or no node"
    return f"it is stored, but not for this cluster and with the labels asked for; {need.remedy}"
