"""Every query of the capacity report, by name: each aggregates in the backend and keeps the `cluster` label.

`max by` the identifying labels comes first everywhere: a second kube-state-metrics or an HA pair
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from obsgen.live import demand, usage
from obsgen.live.selectors import CONTAINERS, NodeLabels, Scope
from obsgen.units import Duration

ZONE = "label_topology_kubernetes_io_zone"
_OF_STATE = r"node\\.kubernetes\\.io/(unschedulable|not-ready|unreachable)"


def probe_queries(scope: Scope) -> Mapping[str, str]:
    """Asked first: which nodes there are, how usage names them, and how new the newest sample of each is."""
    allocatable = scope.series("kube_node_status_allocatable", 'resource="memory"')
    working_set = scope.series("container_memory_working_set_bytes", *CONTAINERS)
    return {
        "newest_by_node": f"max by (cluster,node) (timestamp({allocatable}))",
        "newest_by_usage_label": (f"max by (cluster,node,kubernetes_node,instance) (timestamp({working_set}))"),
    }


def late(query: str) -> str:
    """The same probe for samples that are up to an hour late, as remote write may deliver them."""
    return f"max_over_time(({query})[1h:1m])"


def capacity_queries(scope: Scope, node_label: NodeLabels, window: Duration) -> Mapping[str, str]:
    """Name to PromQL, in the order in which they are asked."""
    allocatable = scope.series("kube_node_status_allocatable", 'resource=~"cpu|memory|pods"')
    # Kubernetes itself adds taints that say what `cordoned` and `ready` say.
    taints = scope.series("kube_node_spec_taint", 'effect=~"NoSchedule|NoExecute"', f'key!~"{_OF_STATE}"')
    ready = scope.series("kube_node_status_condition", 'condition="Ready"', 'status="true"')
    inside = scope.in_namespaces()
    return {
        "allocatable": f"max by (cluster,node,resource) ({allocatable})",
        "cordoned": f"max by (cluster,node) ({scope.series('kube_node_spec_unschedulable')})",
        "taints": f"max by (cluster,node,key) ({taints})",
        # min: where two replicas disagree, the one that has already noticed is right.
        "ready": f"min by (cluster,node) ({ready})",
        "zone": f"max by (cluster,node,{ZONE}) ({scope.series('kube_node_labels')})",
        "cpu_used": usage.cpu_by_node(scope, node_label, window),
        "memory_used": usage.memory_by_node(scope, node_label),
        "requested": demand.requested(scope, by="cluster,node"),
        "limit": demand.limits(scope, by="cluster,node"),
        "pods": demand.pods(scope, by="cluster,node"),
        "namespace_cpu_used": usage.cpu_by_namespace(scope, window),
        "namespace_memory_used": usage.memory_by_namespace(scope),
        "namespace_requested": demand.requested(scope, *inside, by="cluster,namespace"),
        "namespace_limit": demand.limits(scope, *inside, by="cluster,namespace"),
        "namespace_pods": demand.pods(scope, *inside, by="cluster,namespace"),
        "pending_requested": demand.pending_requests(scope),
        "pending_pods": demand.pending_pods(scope),
    }
