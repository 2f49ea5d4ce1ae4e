"""What if a workload had another number of replicas: the cluster's figures then, and whether the pods find room."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from obsgen.live.answers.room import free_on, times
from obsgen.live.answers.types import Supposed, WhatIf
from obsgen.live.types import ClusterCapacity, NodeCapacity, Resource, WorkloadCapacity
from obsgen.live.watermarks import Watermark

_FORM = re.compile(r"\s*replicas of ([^/\s]+)/([^=\s]+)\s*=\s*(\d+)\s*")
_RESOURCES = ("cpu", "memory")


class UnknownWorkload(Exception):  # noqa: N818 - it names the fault
    """The question is about a workload that has no pods on nodes."""


@dataclass(frozen=True, slots=True)
class Question:
    """Another number of replicas of one workload."""

    text: str
    namespace: str
    workload: str
    replicas: int


def parse_question(text: str) -> Question:
    """Read `replicas of shop/orders=10`; ValueError says what a question looks like."""
    found = _FORM.fullmatch(text)
    if not found:
        msg = f"'{text}' is no question: write 'replicas of NAMESPACE/WORKLOAD=NUMBER', such as shop/orders=10"
        raise ValueError(msg)
    return Question(text.strip(), found[1], found[2], int(found[3]))


def what_if(
    question: Question,
    clusters: Sequence[ClusterCapacity],
    nodes: Sequence[NodeCapacity],
    workloads: Sequence[WorkloadCapacity],
    watermarks: Mapping[str, Watermark],
) -> tuple[WhatIf, ...]:
    """One answer per cluster that has the workload; UnknownWorkload where none has."""
    asked = [one for one in workloads if (one.namespace, one.workload) == (question.namespace, question.workload)]
    asked = [one for one in asked if one.pods]
    if not asked:
        near = sorted({f"{one.namespace}/{one.workload}" for one in workloads if one.namespace == question.namespace})
        known = f": in that namespace there are {', '.join(near[:8])}" if near else ""
        msg = f"'{question.namespace}/{question.workload}' has no pods on nodes{known}"
        raise UnknownWorkload(msg)
    by_name = {cluster.cluster: cluster for cluster in clusters}
    return tuple(_answer(question, by_name[one.cluster], one, nodes, watermarks) for one in asked)


def _answer(
    question: Question,
    cluster: ClusterCapacity,
    workload: WorkloadCapacity,
    nodes: Sequence[NodeCapacity],
    watermarks: Mapping[str, Watermark],
) -> WhatIf:
    now = round(workload.pods or 0.0)
    more = question.replicas - now
    pod = {name: workload.per_pod(name) for name in workload.resources if name != "pods"}
    unplaced = _unplaced(pod, more, [node for node in nodes if node.cluster == cluster.cluster and node.takes_pods])
    resources = {
        name: _supposed(cluster.resources[name], pod[name], workload.per_pod(name, "used"), more, watermarks.get(name))
        for name in _RESOURCES
    }
    return WhatIf(
        question=question.text,
        cluster=cluster.cluster,
        namespace=workload.namespace,
        workload=workload.workload,
        replicas_now=now,
        replicas_then=question.replicas,
        resources=resources,
        fits=None if unplaced is None else unplaced == 0,
        unplaced=unplaced,
    )


def _supposed(
    resource: Resource, requested: float | None, used: float | None, more: int, watermark: Watermark | None
) -> Supposed:
    """Each pod more asks for and uses what the present ones do on average."""
    asked = _shifted(resource.requested, requested, more)
    then = _shifted(resource.used, used, more)
    change = used * more / resource.allocatable if used is not None and resource.allocatable else None
    share = None if resource.utilization is None or change is None else max(resource.utilization + change, 0.0)
    level = None if share is None else watermark.level(share) if watermark else "ok"
    return Supposed(asked, then, share, level)


def _shifted(amount: float | None, per_pod: float | None, more: int) -> float | None:
    return None if amount is None or per_pod is None else max(amount + per_pod * more, 0.0)


def _unplaced(pod: Mapping[str, float | None], more: int, nodes: Sequence[NodeCapacity]) -> int | None:
    """How many of the new pods no node takes; equal pods fill one node after the other, whatever the order."""
    if more <= 0:
        return 0
    if any(amount is None for amount in pod.values()):
        return None
    size = {name: amount for name, amount in pod.items() if amount is not None}
    rooms = [times(free_on(node), size) for node in nodes]
    known = [room for room in rooms if room is not None]
    return max(more - sum(known), 0) if known else None
