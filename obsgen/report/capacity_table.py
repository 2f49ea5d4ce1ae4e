"""The capacity report for a terminal: tables with bars, levels in colour and in words, findings below."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from obsgen.live.types import (
    RESOURCES,
    CapacityReport,
    ClusterCapacity,
    NamespaceCapacity,
    NodeCapacity,
    Resource,
)
from obsgen.report.quantities import UNKNOWN, amount_text, moment_text, share_text
from obsgen.report.tables import BAR, STYLES, bar, print_notes, table


def capacity_table(report: CapacityReport, console: Console) -> None:
    """Print the report; nothing in it is told by colour alone."""
    moment = moment_text(report.evaluated_at)
    console.print(Text(f"Capacity, evaluated at {moment}, CPU as a mean over {report.window}", style="bold"))
    several = len(report.clusters) > 1
    for part in (
        _clusters(report.clusters),
        _nodes(report.nodes, several=several),
        _namespaces(report.namespaces, several=several),
    ):
        if part.row_count:
            console.print()
            console.print(part)
    print_notes(report.findings, report.warnings, console)


def _clusters(clusters: Sequence[ClusterCapacity]) -> Table:
    part = table("Clusters: schedulable, ready nodes", ["cluster", "resource"])
    for heading in ("used", "requested", "limits", "allocatable"):
        part.add_column(heading, justify="right", no_wrap=True)
    part.add_column("utilization", min_width=BAR)
    for cluster in clusters:
        for name in RESOURCES:
            resource = cluster.resources[name]
            amounts = (resource.used, resource.requested, resource.limit, resource.allocatable)
            part.add_row(
                Text(cluster.cluster or UNKNOWN),
                name,
                *(amount_text(amount, resource.unit) for amount in amounts),
                _utilization(resource),
            )
    return part


def _nodes(nodes: Sequence[NodeCapacity], *, several: bool) -> Table:
    part = table("Nodes: used / allocatable", [*(["cluster"] if several else []), "node", "zone", "state"])
    part.add_column("cpu", min_width=BAR)
    part.add_column("memory", min_width=BAR)
    part.add_column("pods", justify="right", no_wrap=True)
    for node in nodes:
        pods = node.resources["pods"]
        part.add_row(
            *([Text(node.cluster)] if several else []),
            Text(node.node),
            Text(node.zone or UNKNOWN),
            _state(node),
            _utilization(node.resources["cpu"], quiet=True),
            _utilization(node.resources["memory"], quiet=True),
            f"{amount_text(pods.used, pods.unit)} / {amount_text(pods.allocatable, pods.unit)}",
        )
    return part


def _namespaces(namespaces: Sequence[NamespaceCapacity], *, several: bool) -> Table:
    part = table("Namespaces", [*(["cluster"] if several else []), "namespace"])
    for name in ("cpu", "memory"):
        for heading in ("used", "requested", "limits"):
            part.add_column(f"{name}\n{heading}", justify="right", no_wrap=True)
    part.add_column("pods", justify="right", no_wrap=True, vertical="bottom")
    for place in namespaces:
        cells = [
            amount_text(amount, resource.unit)
            for resource in (place.resources["cpu"], place.resources["memory"])
            for amount in (resource.used, resource.requested, resource.limit)
        ]
        own = [Text(place.cluster)] if several else []
        part.add_row(*own, Text(place.namespace), *cells, amount_text(place.resources["pods"].used, "pods"))
    return part


def _utilization(resource: Resource, *, quiet: bool = False) -> Text:
    """A bar, the share and the level in a word; `quiet` leaves "ok" out."""
    share, level = resource.utilization, resource.level
    if share is None or level is None:
        return Text("unknown", style="dim")
    cell = bar(share, level).append(f" {share_text(share):>6}", style="default")
    return cell if quiet and level == "ok" else cell.append(" ").append(level, style=STYLES[level])


def _state(node: NodeCapacity) -> Text:
    wrong = [
        *(["NotReady"] if node.ready is False else []),
        *(["cordoned"] if node.schedulable is False else []),
    ]
    return Text(", ".join(wrong), style="yellow") if wrong else Text("ready" if node.ready else "unknown")
