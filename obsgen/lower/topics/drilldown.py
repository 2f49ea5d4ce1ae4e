"""Topics `node`, `namespace` and `workload`: from a cluster down to a container, each leading to the next."""

from __future__ import annotations

from dataclasses import replace

from obsgen.ir.topics import Asked, ColumnLink, Listing, Neighbour, Question, TopicRow, TopicView
from obsgen.ir.views import ViewVariable
from obsgen.lower import names
from obsgen.lower.topics.frame import Topic, cluster_variable, topic_view
from obsgen.lower.topics.kubernetes import METRICS, Kubernetes, kubernetes
from obsgen.model.stack import Component, Stack

NODE = Topic("node", "Nodes and their pods", "What runs on a node, and what it uses of what it was given.")
NAMESPACE = Topic("namespace", "Namespaces", "What a namespace uses and asks for, and which pods are not well.")
WORKLOAD = Topic("workload", "Workloads and pods", "What the pods of a workload use, and what holds them back.")
_RESOURCES = (("cpu", "CPU", "short"), ("memory", "Memory", "bytes"))


def node_view(component: Component, stack: Stack) -> TopicView:
    """Cluster and node."""
    of = kubernetes(component, "cluster", "node")
    rows = (
        TopicRow("", (*_numbers(of), _pods_of_nodes(of))),
        TopicRow("Use, requests and what there is", _against_allocatable(of)),
        TopicRow("By namespace", _uses(of, "namespace")),
        TopicRow("Pods", (_pods(of, stack, "cluster, node, namespace, pod"),)),
    )
    node = ViewVariable("node", "node", "Node", _known("kube_node_status_allocatable", of))
    return _view(stack, NODE, (cluster_variable(_known("kube_node_status_allocatable", of)), node), rows)


def namespace_view(component: Component, stack: Stack) -> TopicView:
    """Cluster and namespace."""
    of = kubernetes(component, "cluster", "namespace")
    rows = (
        TopicRow("", (*_numbers(of), *_trouble(of))),
        TopicRow("Use, requests and limits", _against_requests(of, "namespace")),
        TopicRow("What holds it back", _held(of, "namespace")),
        TopicRow("Pods", (_pods(of, stack, "cluster, namespace, pod"),)),
    )
    known = _known("kube_pod_info", of)
    return _view(stack, NAMESPACE, (cluster_variable(known), _namespaces(known)), rows)


def workload_view(component: Component, stack: Stack) -> TopicView:
    """Cluster, namespace, what made the pod, and the pod."""
    plain = kubernetes(component, "cluster", "namespace", "pod")
    made = f'kube_pod_info{{{plain.states},created_by_name=~"$workload"}}'
    of = replace(plain, only=f" and on (cluster, namespace, pod) {made}")
    rows = (
        TopicRow("", (*_numbers(of), *_trouble(of))),
        TopicRow("Use, requests and limits", _against_requests(of, "pod")),
        TopicRow("By container", _uses(of, "pod, container")),
        TopicRow("What holds it back", _held(of, "pod")),
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


def _use(of: Kubernetes, resource: str, by: str) -> str:
    return of.cpu(by) if resource == "cpu" else of.memory(by)


def _numbers(of: Kubernetes) -> tuple[Question, ...]:
    return tuple(
        Question(
            title=f"{title} {word}",
            about=f"{title} {meaning}, in the selection now.",
            unit=unit,
            asked=(Asked(f"sum({expr})"),),
            minimum=0,
        )
        for resource, title, unit in _RESOURCES
        for word, meaning, expr in (
            ("in use", "that containers use", _use(of, resource, "cluster")),
            ("requested", "that pods have reserved", of.asked_for("requests", resource, "cluster")),
        )
    )


def _pods_of_nodes(of: Kubernetes) -> Question:
    expr = f"sum(node:kube_pod_info:count{{{of.chosen}}})"
    return Question("Pods", "Unfinished pods in the selection now.", "none", (Asked(expr),), decimals=0)


def _trouble(of: Kubernetes) -> tuple[Question, ...]:
    restarts = f"sum({of.restarts('cluster')})"
    unready = f"sum({of.unready('cluster')})"
    about = "Restarts of containers in the last hour."
    return (
        Question("Restarts in an hour", about, "short", (Asked(restarts),), bad="warning", minimum=0, decimals=0),
        Question(
            "Pods not ready",
            "Unfinished pods that are not ready.",
            "none",
            (Asked(unready),),
            bad="warning",
            decimals=0,
        ),
    )


def _graph(title: str, about: str, unit: str, *asked: Asked) -> Question:
    return Question(title=title, about=about, unit=unit, asked=asked, over_time=True, minimum=0)


def _legend(by: str) -> str:
    return " ".join(f"{{{{{label.strip()}}}}}" for label in by.split(","))


def _against_allocatable(of: Kubernetes) -> tuple[Question, ...]:
    return tuple(
        _graph(
            f"{title}: in use, requested, allocatable",
            "What containers use, what pods have reserved, and what the node can allocate.",
            unit,
            Asked(_use(of, resource, "cluster, node"), "in use {{node}}"),
            Asked(of.asked_for("requests", resource, "cluster, node"), "requested {{node}}"),
            Asked(
                f'node:kube_node_status_allocatable:max{{resource="{resource}",{of.chosen}}}', "allocatable {{node}}"
            ),
        )
        for resource, title, unit in _RESOURCES
    )


def _against_requests(of: Kubernetes, by: str) -> tuple[Question, ...]:
    named = _legend(by)
    return tuple(
        _graph(
            f"{title}: in use, requested, limit",
            "What containers use, what pods have reserved, and up to where they may go.",
            unit,
            Asked(_use(of, resource, by), f"in use {named}"),
            Asked(of.asked_for("requests", resource, by), f"requested {named}"),
            Asked(of.asked_for("limits", resource, by), f"limit {named}"),
        )
        for resource, title, unit in _RESOURCES
    )


def _uses(of: Kubernetes, by: str) -> tuple[Question, ...]:
    return tuple(
        _graph(f"{title} by {by}", f"The ten that use the most {title}.", unit, _most(_use(of, resource, by), by))
        for resource, title, unit in _RESOURCES
    )


def _most(expr: str, by: str) -> Asked:
    return Asked(f"topk(10, {expr})", _legend(by))


def _held(of: Kubernetes, by: str) -> tuple[Question, ...]:
    received, sent = (of.traffic(direction, by) for direction in ("receive", "transmit"))
    named = _legend(by)
    return (
        _graph(
            "CPU held back",
            "The share of scheduling periods in which a CPU limit stopped containers.",
            "percentunit",
            _most(of.throttled(by), by),
        ),
        _graph("Restarts", "Restarts of containers within an hour.", "short", _most(of.restarts(by), by)),
        _graph(
            "Network", "What pods receive and send.", "Bps", Asked(received, f"in {named}"), Asked(sent, f"out {named}")
        ),
    )


def _pods(of: Kubernetes, stack: Stack, by: str) -> Listing:
    """The fifty pods with the most memory; what else is known of them stands beside it."""
    columns = {"cluster": "Cluster", "node": "Node", "namespace": "Namespace", "pod": "Pod"}
    asked = (
        Asked(f"topk(50, {of.memory(by)})", "Memory", "bytes"),
        Asked(of.asked_for("requests", "memory", by), "Memory requested", "bytes"),
        Asked(of.cpu(by), "CPU", "short"),
        Asked(of.asked_for("requests", "cpu", by), "CPU requested", "short"),
    )
    return Listing(
        title="Pods",
        about="What pods use and have reserved, those with the most memory first.",
        labels=tuple((label.strip(), columns[label.strip()]) for label in by.split(",")),
        asked=asked,
        nothing="No pod is known in this selection.",
        links=(
            ColumnLink("namespace", names.topic_uid(stack.name, NAMESPACE.name), "namespace"),
            ColumnLink("pod", names.topic_uid(stack.name, WORKLOAD.name), "pod"),
        ),
    )
