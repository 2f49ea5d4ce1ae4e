"""Topic `capacity`: how full each cluster and node is, what still fits, and until when, as the pack records it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from obsgen.ir.topics import Asked, ColumnLink, Listing, Question, TopicRow, TopicView
from obsgen.ir.views import ViewVariable
from obsgen.lower import names
from obsgen.lower.signal_views import signal_view
from obsgen.lower.topics.drilldown import NODE, namespace_link
from obsgen.lower.topics.frame import Topic, cluster_variable, signal_question, topic_view
from obsgen.lower.topics.kubernetes import kubernetes
from obsgen.lower.topics.usage import usage_table
from obsgen.model.stack import Component, Stack
from obsgen.units import number_text

CAPACITY_TOPIC = Topic("capacity", "Capacity", "How full the clusters are, what still fits, and until when.", 24)
_FIRST = (
    "cluster_memory_utilization",
    "cluster_cpu_utilization",
    "cluster_memory_requests",
    "cluster_cpu_requests",
    "cluster_pods",
    "unschedulable_pods",
    "memory_after_node_loss",
    "cpu_after_node_loss",
)
_IN_CLUSTER = 'cluster=~"$cluster"'
_ON_NODE = f'{_IN_CLUSTER},node=~"$node"'
# Resource, the recorded use of it, its unit, and the signal whose alerts hold the watermarks.
_RESOURCES = (
    ("memory", "node:container_memory_working_set_bytes:sum", "bytes"),
    ("cpu", "node:container_cpu_usage_seconds:sum_rate", "short"),
)
_TITLES = {"memory": "Memory", "cpu": "CPU"}
_AHEAD_DAYS = 7


def capacity_view(component: Component, stack: Stack) -> TopicView:
    """The signals with the watermarks of the spec, then amounts, forecasts and nodes."""
    node = ViewVariable("node", "node", "Node", "kube_node_status_allocatable")
    of = kubernetes(component, "cluster")
    loss = ("memory_after_node_loss", "cpu_after_node_loss", "unschedulable_pods")
    rows = (
        TopicRow("", tuple(_signals(_FIRST, component, stack, over_time=False))),
        TopicRow("Against the watermarks", tuple(_signals(_FIRST[:4], component, stack, over_time=True))),
        TopicRow("Use, requests and what there is", tuple(_amounts(component))),
        TopicRow("Forecast", tuple(_forecasts(component, stack))),
        TopicRow("If a node is lost, and what waits", tuple(_signals(loss, component, stack, over_time=True))),
        TopicRow("Nodes", (*_node_graphs(), _nodes(stack))),
        TopicRow("Namespaces", (usage_table("Namespaces", of, "cluster, namespace", (namespace_link(stack),)),)),
    )
    variables = [cluster_variable("kube_node_status_allocatable"), node]
    return topic_view(stack, CAPACITY_TOPIC, variables, rows)


def _signals(wanted: Iterable[str], component: Component, stack: Stack, *, over_time: bool) -> Iterator[Question]:
    for name in wanted:
        if name in component.signals:
            yield signal_question(component.signals[name], component, stack, over_time=over_time)


def _used(resource: str, use: str) -> str:
    open_node = f'node:kube_node_status_allocatable_open:max{{resource="{resource}",{_IN_CLUSTER}}}'
    return f"sum by (cluster) ({use}{{{_IN_CLUSTER}}} and on (cluster, node) {open_node})"


def _allocatable(resource: str) -> str:
    return f'cluster:kube_node_status_allocatable_open:sum{{resource="{resource}",{_IN_CLUSTER}}}'


def _amounts(component: Component) -> Iterator[Question]:
    for resource, use, unit in _RESOURCES:
        requested = f'cluster:kube_pod_resource_requests_open:sum{{resource="{resource}",{_IN_CLUSTER}}}'
        yield Question(
            title=f"{_TITLES[resource]}: in use, reserved, allocatable",
            about="Of open nodes: what containers use, what pods have reserved, and what there is.",
            unit=unit,
            asked=(
                Asked(_used(resource, use), "in use {{cluster}}"),
                Asked(requested, "reserved {{cluster}}"),
                Asked(_allocatable(resource), "allocatable {{cluster}}"),
            ),
            over_time=True,
            minimum=0,
        )
        yield _headroom(resource, use, unit, component)


def _headroom(resource: str, use: str, unit: str, component: Component) -> Question:
    share = _watermark(resource, component)
    return Question(
        title=f"{_TITLES[resource]}: headroom",
        about=(
            f"What may still be used before the cluster is called full, at {share:.4g} of what is allocatable, "
            "and what may still be reserved. Below 0 it is past that."
        ),
        unit=unit,
        asked=(
            Asked(f"{number_text(share)} * {_allocatable(resource)} - on (cluster) {_used(resource, use)}", "use"),
            Asked(_unreserved(resource), "reserve"),
        ),
        over_time=True,
    )


def _unreserved(resource: str) -> str:
    requested = f'cluster:kube_pod_resource_requests_open:sum{{resource="{resource}",{_IN_CLUSTER}}}'
    return f"{_allocatable(resource)} - on (cluster) {requested}"


def _watermark(resource: str, component: Component) -> float:
    """The highest level at which an alert on the cluster's use fires; everything where none watches it."""
    signal = component.signals.get(f"cluster_{resource}_utilization")
    lines = signal_view(signal, component).lines if signal else ()
    return max((line.value for line in lines if line.above), default=1.0)


def _forecasts(component: Component, stack: Stack) -> Iterator[Question]:
    """The shares in some days, should they go on as in the last one, against the alerts' own levels."""
    for resource, _, _ in _RESOURCES:
        signal = component.signals.get(f"cluster_{resource}_utilization")
        if signal is None:
            continue
        now = signal_question(signal, component, stack, over_time=True)
        recorded = f"cluster:{resource}_utilization:ratio{{{_IN_CLUSTER}}}"
        ahead = f"predict_linear({recorded}[1d], {_AHEAD_DAYS} * 86400)"
        yield replace(
            now,
            title=f"{_TITLES[resource]} in use in {_AHEAD_DAYS} days",
            about=f"Now, and in {_AHEAD_DAYS} days if it goes on like the last day. {now.about}",
            asked=(Asked(recorded, "now {{cluster}}"), Asked(ahead, f"in {_AHEAD_DAYS} days {{{{cluster}}}}")),
            minimum=None,
            maximum=None,
        )


def _share(resource: str, what: str) -> str:
    allocatable = f'node:kube_node_status_allocatable:max{{resource="{resource}",{_ON_NODE}}}'
    return f"{what} / on (cluster, node) {allocatable}"


def _node_graphs() -> Iterator[Question]:
    for resource, use, _ in _RESOURCES:
        yield Question(
            title=f"{_TITLES[resource]} in use, fullest nodes",
            about="The ten nodes that use the largest share of what they can allocate.",
            unit="percentunit",
            asked=(Asked(f"topk(10, {_share(resource, f'{use}{{{_ON_NODE}}}')})", "{{node}}"),),
            over_time=True,
            minimum=0,
        )


def _nodes(stack: Stack) -> Listing:
    columns = []
    for resource, use, unit in _RESOURCES:
        title = _TITLES[resource]
        allocatable = f'node:kube_node_status_allocatable:max{{resource="{resource}",{_ON_NODE}}}'
        requested = f'node:kube_pod_resource_requests:sum{{resource="{resource}",{_ON_NODE}}}'
        columns += [
            Asked(f"sum by (cluster, node) ({allocatable})", f"{title} allocatable", unit),
            Asked(
                f"sum by (cluster, node) ({_share(resource, f'{use}{{{_ON_NODE}}}')})", f"{title} used", "percentunit"
            ),
            Asked(f"sum by (cluster, node) ({_share(resource, requested)})", f"{title} reserved", "percentunit"),
        ]
    columns.append(Asked(f"sum by (cluster, node) (node:kube_pod_info:count{{{_ON_NODE}}})", "Pods", "none"))
    return Listing(
        title="Nodes",
        about="What each node can allocate, and which shares of it are in use and reserved.",
        labels=(("cluster", "Cluster"), ("node", "Node")),
        asked=tuple(columns),
        nothing="No node is known in this selection.",
        links=(ColumnLink("node", names.topic_uid(stack.name, NODE.name), "node", ("cluster",)),),
    )
