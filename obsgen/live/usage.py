"""PromQL for what containers use, counted once however often they are scraped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from obsgen.live.selectors import CONTAINERS, ON_A_NODE, NodeLabel, NodeLabels, Scope, one_of
from obsgen.units import Duration

MEMORY = "container_memory_working_set_bytes"
CPU = "container_cpu_usage_seconds_total"
STORAGE = "container_fs_usage_bytes"
_CONTAINER = "cluster,namespace,pod,container"


def memory_by_node(scope: Scope, node_label: NodeLabels) -> str:
    """Bytes of working set per node."""

    def by_node(label: NodeLabel, *matchers: str) -> str:
        series = scope.series(MEMORY, *CONTAINERS, *matchers)
        return _by_node(lambda keys: _memory(series, keys, label), scope, label, *matchers)

    return by_label(by_node, node_label)


def cpu_by_node(scope: Scope, node_label: NodeLabels, window: Duration) -> str:
    """Cores in use per node, as a mean over the window."""

    def by_node(label: NodeLabel, *matchers: str) -> str:
        rate = f"rate({scope.series(CPU, *CONTAINERS, *matchers)}[{window}])"
        return _by_node(lambda keys: _cpu(rate, keys, label), scope, label, *matchers)

    return by_label(by_node, node_label)


def memory_by_namespace(scope: Scope, by: str = "cluster,namespace") -> str:
    """Bytes of working set per namespace, or by other labels of pods."""
    series = scope.series(MEMORY, *CONTAINERS, *scope.in_namespaces())
    return f"sum by ({by}) ({_memory(series, _CONTAINER, 'pod')})"


def cpu_by_namespace(scope: Scope, window: Duration, by: str = "cluster,namespace") -> str:
    """Cores in use per namespace, or by other labels of pods, as a mean over the window."""
    rate = f"rate({scope.series(CPU, *CONTAINERS, *scope.in_namespaces())}[{window}])"
    return f"sum by ({by}) ({_cpu(rate, _CONTAINER, 'pod')})"


def storage_by_node(scope: Scope, node_label: NodeLabels) -> str:
    """Bytes that containers wrote on the disks of each node."""

    def by_node(label: NodeLabel, *matchers: str) -> str:
        series = scope.series(STORAGE, *CONTAINERS, *matchers)
        return _by_node(lambda keys: _storage(series, keys, label), scope, label, *matchers)

    return by_label(by_node, node_label)


def storage_by_namespace(scope: Scope, by: str = "cluster,namespace") -> str:
    """Bytes that containers wrote on disks per namespace, or by other labels of pods."""
    series = scope.series(STORAGE, *CONTAINERS, *scope.in_namespaces())
    return f"sum by ({by}) ({_storage(series, _CONTAINER, 'pod')})"


def memory_peak_by_pod(scope: Scope, history: Duration, by: str) -> str:
    """The most bytes of working set that each pod's containers had during the history."""
    series = scope.series(MEMORY, *CONTAINERS, *scope.in_namespaces())
    return f"sum by ({by}) (max by ({_CONTAINER}) (max_over_time({series}[{history}])))"


def _memory(series: str, keys: str, node_label: NodeLabel) -> str:
    # After a restart the dead container's series lingers for minutes: the larger of the two is the truth.
    return f"max by ({keys}) ({node_named(series, node_label)})"


def _storage(series: str, keys: str, node_label: NodeLabel) -> str:
    return f"sum by ({keys}) (max by ({keys},device) ({node_named(series, node_label)}))"


def _cpu(rate: str, keys: str, node_label: NodeLabel) -> str:
    """Two scrapes of one counter are one; cAdvisor and the kubelet's resource endpoint count the same twice.

    Within one endpoint the cgroups of a restarted container and its CPUs add up.
    """
    endpoint = f"{keys},job,metrics_path"
    once = f"max by ({endpoint},id,cpu) ({node_named(rate, node_label)})"
    return f"max by ({keys}) (sum by ({endpoint}) ({once}))"


def node_named(samples: str, node_label: NodeLabel | Literal["Hostname", "hostname"]) -> str:
    """The samples with their node's name in `node`, wherever it stands."""
    match node_label:
        case "kubernetes_node" | "Hostname" | "hostname":
            return f'label_replace({samples},"node","$1","{node_label}","(.+)")'
        case "instance":
            return f'label_replace({samples},"node","$1","instance","([^:]+)(?::[0-9]+)?")'
    return samples


def by_label(by_node: Callable[..., str], node_label: NodeLabels) -> str:
    """One query for all clusters: each is asked in the way in which its usage names nodes."""
    if isinstance(node_label, str):
        return by_node(node_label)
    clusters: dict[NodeLabel, list[str]] = {}
    for cluster, label in sorted(node_label.items()):
        clusters.setdefault(label, []).append(cluster)
    return " or ".join(by_node(label, one_of("cluster", names)) for label, names in clusters.items())


def _by_node(per_container: Callable[[str], str], scope: Scope, node_label: NodeLabel, *matchers: str) -> str:
    if node_label != "pod":
        return f"sum by (cluster,node) ({per_container(f'{_CONTAINER},node')})"
    # topk keeps one row per pod: a second kube-state-metrics would make the join fail on duplicates.
    pod_on_node = f"max by (cluster,namespace,pod,node) ({scope.series('kube_pod_info', ON_A_NODE, *matchers)})"
    one_node = f"topk by (cluster,namespace,pod) (1, {pod_on_node})"
    joined = f"{per_container(_CONTAINER)} * on (cluster,namespace,pod) group_left (node) {one_node}"
    return f"sum by (cluster,node) ({joined})"
