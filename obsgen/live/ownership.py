"""PromQL that tells which workload a pod belongs to: its controller, and behind a ReplicaSet the Deployment."""

from __future__ import annotations

from obsgen.live.selectors import Scope

KIND = "workload_kind"
WORKLOAD = "workload"
POD = "cluster,namespace,pod"
BY_WORKLOAD = f"cluster,namespace,{KIND},{WORKLOAD}"

_OWNED = f"{POD},{KIND},{WORKLOAD}"
# Static pods are owned by their node, which is no workload: like a pod without owner each stands for itself.
_NOBODY = "|<none>|Node"


def with_workload(scope: Scope, per_pod: str) -> str:
    """The same samples with their workload's labels; a pod whose owner is not known keeps its sample without them."""
    # `or` keeps what the join drops: a namespace's sum must not depend on who owns its pods.
    return f"({owned_only(scope, per_pod)} or on ({POD}) ({per_pod}))"


def dear_with_workload(scope: Scope, per_pod: str, pods: str) -> str:
    """The same for what is dear to compute and should be so once; `pods` are series of every pod it speaks of."""
    owners = f"{pod_owners(scope)} or on ({POD}) group by ({POD}) ({pods})"
    return f"({per_pod}) * on ({POD}) group_left ({KIND},{WORKLOAD}) ({owners})"


def owned_only(scope: Scope, per_pod: str) -> str:
    """The same without the pods whose owner is not known, at half the price."""
    return f"({per_pod}) * on ({POD}) group_left ({KIND},{WORKLOAD}) ({pod_owners(scope)})"


def pod_owners(scope: Scope) -> str:
    """One sample of 1 per pod, labelled with its workload."""
    inside = scope.in_namespaces()
    replicaset = scope.series("kube_pod_owner", 'owner_kind="ReplicaSet"', *inside)
    of_replicaset = (
        f'max by ({_OWNED}) (label_replace({replicaset},"replicaset","$1","owner_name","(.+)") '
        f"* on (cluster,namespace,replicaset) group_left ({KIND},{WORKLOAD}) {_replicaset_owners(scope)})"
    )
    owned = _named(scope.series("kube_pod_owner", f'owner_kind!~"{_NOBODY}"', *inside), "owner_name")
    alone = scope.series("kube_pod_owner", f'owner_kind=~"{_NOBODY}"', *inside)
    alone = f'label_replace(label_replace({alone},"{WORKLOAD}","$1","pod","(.+)"),"{KIND}","Pod","","")'
    controller = f"max by ({_OWNED}) ({owned} or {alone})"
    # topk keeps one row per pod: a pod made anew under its old name may have had another owner.
    return f"topk by ({POD}) (1, {of_replicaset} or on ({POD}) {controller})"


def _replicaset_owners(scope: Scope) -> str:
    series = scope.series("kube_replicaset_owner", 'owner_kind!~"|<none>"', *scope.in_namespaces())
    rows = f"max by (cluster,namespace,replicaset,{KIND},{WORKLOAD}) ({_named(series, 'owner_name')})"
    return f"topk by (cluster,namespace,replicaset) (1, {rows})"


def _named(series: str, label: str) -> str:
    kind = f'label_replace({series},"{KIND}","$1","owner_kind","(.+)")'
    return f'label_replace({kind},"{WORKLOAD}","$1","{label}","(.+)")'
