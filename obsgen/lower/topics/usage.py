"""What containers use of what they were given: the panels that the drill-downs share."""

from __future__ import annotations

from obsgen.ir.topics import Asked, ColumnLink, Listing, Question
from obsgen.lower.topics.frame import graph
from obsgen.lower.topics.kubernetes import Kubernetes

_RESOURCES = (("cpu", "CPU", "short"), ("memory", "Memory", "bytes"))


def _use(of: Kubernetes, resource: str, by: str) -> str:
    return of.cpu(by) if resource == "cpu" else of.memory(by)


def numbers(of: Kubernetes) -> tuple[Question, ...]:
    """What is in use and what is reserved, as numbers."""
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


def pods_of_nodes(of: Kubernetes) -> Question:
    """How many pods run on the nodes that are chosen."""
    expr = f"sum(node:kube_pod_info:count{{{of.chosen}}})"
    return Question("Pods", "Unfinished pods in the selection now.", "none", (Asked(expr),), decimals=0)


def trouble(of: Kubernetes) -> tuple[Question, ...]:
    """Restarts and pods that are not ready, as numbers."""
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


def _legend(by: str) -> str:
    return " ".join(f"{{{{{label.strip()}}}}}" for label in by.split(","))


def against_allocatable(of: Kubernetes) -> tuple[Question, ...]:
    """Use and requests against what a node can allocate."""
    return tuple(
        graph(
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


def against_requests(of: Kubernetes, by: str) -> tuple[Question, ...]:
    """Use against requests and limits."""
    named = _legend(by)
    return tuple(
        graph(
            f"{title}: in use, requested, limit",
            "What containers use, what pods have reserved, and up to where they may go.",
            unit,
            Asked(_use(of, resource, by), f"in use {named}"),
            Asked(of.asked_for("requests", resource, by), f"requested {named}"),
            Asked(of.asked_for("limits", resource, by), f"limit {named}"),
        )
        for resource, title, unit in _RESOURCES
    )


def uses(of: Kubernetes, by: str) -> tuple[Question, ...]:
    """The greatest users."""
    return tuple(
        graph(f"{title} by {by}", f"The ten that use the most {title}.", unit, _most(_use(of, resource, by), by))
        for resource, title, unit in _RESOURCES
    )


def _most(expr: str, by: str) -> Asked:
    return Asked(f"topk(10, {expr})", _legend(by))


def held(of: Kubernetes, by: str) -> tuple[Question, ...]:
    """Throttling, restarts and traffic."""
    received, sent = (of.traffic(direction, by) for direction in ("receive", "transmit"))
    named = _legend(by)
    return (
        graph(
            "CPU held back",
            "The share of scheduling periods in which a CPU limit stopped containers.",
            "percentunit",
            _most(of.throttled(by), by),
        ),
        graph("Restarts", "Restarts of containers within an hour.", "short", _most(of.restarts(by), by)),
        graph(
            "Network", "What pods receive and send.", "Bps", Asked(received, f"in {named}"), Asked(sent, f"out {named}")
        ),
    )


def usage_table(title: str, of: Kubernetes, by: str, links: tuple[ColumnLink, ...]) -> Listing:
    """The fifty with the most memory; what else is known of them stands beside it."""
    columns = {"cluster": "Cluster", "node": "Node", "namespace": "Namespace", "pod": "Pod"}
    most = f"topk(50, {of.memory(by)})"
    # The columns are joined: without this those of all others would add their rows.
    beside = f"and on ({by}) {most}"
    asked = (
        Asked(most, "Memory", "bytes"),
        Asked(f"{of.asked_for('requests', 'memory', by)} {beside}", "Memory requested", "bytes"),
        Asked(f"{of.cpu(by)} {beside}", "CPU", "short"),
        Asked(f"{of.asked_for('requests', 'cpu', by)} {beside}", "CPU requested", "short"),
    )
    return Listing(
        title=title,
        about="What they use and have reserved, the fifty with the most memory first.",
        labels=tuple((label.strip(), columns[label.strip()]) for label in by.split(",")),
        asked=asked,
        nothing="Nothing is known in this selection.",
        links=links,
    )
