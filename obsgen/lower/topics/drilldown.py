"""Topics `node`, `namespace` and `workload`: from a cluster down to a container, each leading to the next."""

from __future__ import annotations

from dataclasses import replace

from obsgen.ir.topics import ColumnLink, Neighbour, TopicRow, TopicView
from obsgen.ir.views import ViewVariable
from obsgen.lower import names
from obsgen.lower.topics.frame import Topic, cluster_variable, topic_view
from obsgen.lower.topics.kubernetes import METRICS, Kubernetes, kubernetes
from obsgen.lower.topics.usage import (
    against_allocatable,
    against_requests,
    held,
    numbers,
    pods_of_nodes,
    trouble,
    usage_table,
    uses,
)
from obsgen.model.stack import Component, Stack

NODE = Topic("node", "Nodes and their pods", "What runs on a node, and what it uses of what it was given.")
NAMESPACE = Topic("namespace", "Namespaces", "What a namespace uses and asks for, and which pods are not well.")
WORKLOAD = Topic("workload", "Workloads and pods", "What the pods of a workload use, and what holds them back.")


def node_view(component: Component, stack: Stack) -> TopicView:
    """Cluster and node."""
    of = kubernetes(component, "cluster", "node")
    rows = (
        TopicRow("", (*numbers(of), pods_of_nodes(of))),
        TopicRow("Use, requests and what there is", against_allocatable(of)),
        TopicRow("By namespace", uses(of, "namespace")),
        TopicRow("Pods", (usage_table("Pods", of, "cluster, node, namespace, pod", _pod_links(stack)),)),
    )
    node = ViewVariable("node", "node", "Node", _known("kube_node_status_allocatable", of))
    return _view(stack, NODE, (cluster_variable(_known("kube_node_status_allocatable", of)), node), rows)


def namespace_view(component: Component, stack: Stack) -> TopicView:
    """Cluster and namespace."""
    of = kubernetes(component, "cluster", "namespace")
    rows = (
        TopicRow("", (*numbers(of), *trouble(of))),
        TopicRow("Use, requests and limits", against_requests(of, "namespace")),
        TopicRow("What holds it back", held(of, "namespace")),
        TopicRow("Pods", (usage_table("Pods", of, "cluster, namespace, pod", _pod_links(stack)),)),
    )
    known = _known("kube_pod_info", of)
    return _view(stack, NAMESPACE, (cluster_variable(known), _namespaces(known)), rows)


def workload_view(component: Component, stack: Stack) -> TopicView:
    """Cluster, namespace, what made the pod, and the pod."""
    plain = kubernetes(component, "cluster", "namespace", "pod")
    made = f'kube_pod_info{{{plain.states},created_by_name=~"$workload"}}'
    of = replace(plain, only=f" and on (cluster, namespace, pod) {made}")
    rows = (
        TopicRow("", (*numbers(of), *trouble(of))),
        TopicRow("Use, requests and limits", against_requests(of, "pod")),
        TopicRow("By container", uses(of, "pod, container")),
        TopicRow("What holds it back", held(of, "pod")),
    )
    known = _known("kube_pod_info", of)
    workload = ViewVariable("workload", "created_by_name", "Workload", known)
    pod = ViewVariable("pod", "pod", "Pod", known)
    return _view(stack, WORKLOAD, (cluster_variable(known), _namespaces(known), workload, pod), rows)


def _view(stack: Stack, topic: Topic, variables: tuple[ViewVariable, ...], rows: tuple[TopicRow, ...]) -> TopicView:
    others = tuple(
        Neighbour(one.title, one.about, names.topic_uid(stack.name, one.name))
        for one in (NODE, NAMESPACE, WORKLOAD)
        if one != topic
    )
    return replace(topic_view(stack, topic, variables, rows), neighbours=others, metrics=METRICS)


def _namespaces(metric: str) -> ViewVariable:
    return ViewVariable("namespace", "namespace", "Namespace", metric)


def _known(metric: str, of: Kubernetes) -> str:
    return f"{metric}{{{of.states}}}"


def namespace_link(stack: Stack) -> ColumnLink:
    """From a namespace's name to its dashboard."""
    return ColumnLink("namespace", names.topic_uid(stack.name, NAMESPACE.name), "namespace", ("cluster",))


def _pod_links(stack: Stack) -> tuple[ColumnLink, ...]:
    """From a pod's row to its namespace, and to itself."""
    return (
        namespace_link(stack),
        ColumnLink("pod", names.topic_uid(stack.name, WORKLOAD.name), "pod", ("cluster", "namespace")),
    )
