"""Every query of the capacity report, by name: each aggregates in the backend and keeps the `cluster` label.

`max by` the identifying labels comes first everywhere: a second kube-state-metrics or an HA pair
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from obsgen.live import demand, usage
from obsgen.live.machines import gpus_used, machine_used
from obsgen.live.ownership import BY_WORKLOAD, POD, dear_with_workload, with_workload
from obsgen.live.selectors import CONTAINERS, NodeLabels, Scope
from obsgen.units import Duration

ZONE = "label_topology_kubernetes_io_zone"
TEAM = "label_team"
# What the clouds and the usual autoscalers write on a node; the first that is there names its pool.
POOLS = (
    "label_node_pool",
    "label_karpenter_sh_nodepool",
    "label_eks_amazonaws_com_nodegroup",
    "label_cloud_google_com_gke_nodepool",
    "label_kubernetes_azure_com_agentpool",
    "label_alibabacloud_com_nodepool_id",
)
# Kubernetes itself adds taints that say what `cordoned` and `ready` say.
_OF_STATE = r"node\\.kubernetes\\.io/(unschedulable|not-ready|unreachable)"


def probe_queries(scope: Scope) -> Mapping[str, str]:
    """Asked first: which nodes there are, how usage names them, and how new the newest sample of each is."""
    allocatable = scope.series("kube_node_status_allocatable", 'resource="memory"')
    working_set = scope.series("container_memory_working_set_bytes", *CONTAINERS)
    # Machines name their node too, where nothing runs on them.
    machines = scope.series("container_memory_working_set_bytes", 'id="/"')
    usage_times = f"timestamp({working_set}) or timestamp({machines})"
    return {
        "newest_by_node": f"max by (cluster,node) (timestamp({allocatable}))",
        "newest_by_usage_label": f"max by (cluster,node,kubernetes_node,instance) ({usage_times})",
    }


def late(query: str) -> str:
    """The same probe for samples that are up to an hour late, as remote write may deliver them."""
    return f"max_over_time(({query})[1h:1m])"


def capacity_queries(scope: Scope, node_label: NodeLabels, window: Duration) -> Mapping[str, str]:
    """Name to PromQL, in the order in which they are asked."""
    offered = 'resource=~"cpu|memory|pods|ephemeral_storage|.+_gpu"'
    allocatable = scope.series("kube_node_status_allocatable", offered)
    taints = scope.series("kube_node_spec_taint", 'effect=~"NoSchedule|NoExecute"', f'key!~"{_OF_STATE}"')
    ready = scope.series("kube_node_status_condition", 'condition="Ready"', 'status="true"')
    labelled = scope.series("kube_namespace_labels", f'{TEAM}!=""')
    named = ",".join(("cluster", "node", ZONE, *POOLS))
    return {
        "allocatable": f"max by (cluster,node,resource) ({allocatable})",
        "cordoned": f"max by (cluster,node) ({scope.series('kube_node_spec_unschedulable')})",
        "taints": f"max by (cluster,node,key) ({taints})",
        # min: where two replicas disagree, the one that has already noticed is right.
        "ready": f"min by (cluster,node) ({ready})",
        "zone": f"max by ({named}) ({scope.series('kube_node_labels')})",
        "cpu_used": usage.cpu_by_node(scope, node_label, window),
        "memory_used": usage.memory_by_node(scope, node_label),
        "storage_used": usage.storage_by_node(scope, node_label),
        "gpus_used": gpus_used(scope),
        # Asked at the report's own moment: caches in front of a backend move the steps of a range.
        "machine_used": machine_used(scope, node_label, window),
        "requested": demand.requested(scope, by="cluster,node"),
        "limit": demand.limits(scope, by="cluster,node"),
        "pods": demand.pods(scope, by="cluster,node"),
        **_workload_queries(scope, window),
        "pending": demand.pending(scope),
        "team": f"max by (cluster,namespace,{TEAM}) ({labelled})",
    }


def _workload_queries(scope: Scope, window: Duration) -> Mapping[str, str]:
    """Figures by workload; a namespace's are the sums of its workloads'."""
    inside = scope.in_namespaces()

    def summed(per_pod: str) -> str:
        return f"sum by ({BY_WORKLOAD}) ({with_workload(scope, per_pod)})"

    def asked(per_pod: str, which: Literal["requests", "limits"]) -> str:
        names = f'__name__=~"kube_pod_(init_)?container_resource_{which}"'
        pods = scope.series("", names, *inside)
        return f"sum by ({BY_WORKLOAD},resource) ({dear_with_workload(scope, per_pod, pods)})"

    return {
        "workload_cpu_used": summed(usage.cpu_by_namespace(scope, window, POD)),
        "workload_memory_used": summed(usage.memory_by_namespace(scope, POD)),
        "workload_storage_used": summed(usage.storage_by_namespace(scope, POD)),
        "workload_requested": asked(demand.requested(scope, *inside, by=POD), "requests"),
        "workload_limit": asked(demand.limits(scope, *inside, by=POD), "limits"),
        "workload_pods": summed(demand.pods(scope, *inside, by=POD)),
    }
