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

_BAR = 10
_STYLES = {"ok": "green", "info": "cyan", "warning": "yellow", "critical": "bold red"}


def capacity_table(report: CapacityReport, console: Console) -> None:
    """Print the report; nothing in it is told by colour alone."""
    moment = moment_text(report.evaluated_at)
    console.print(Text(f"Capacity, evaluated at {moment}, CPU as a mean over {report.window}", style="bold"))
    several = len(report.clusters) > 1
    for table in (
        _clusters(report.clusters),
        _nodes(report.nodes, several=several),
        _namespaces(report.namespaces, several=several),
    ):
        if table.row_count:
            console.print()
            console.print(table)
    if report.findings or report.warnings:
        console.print()
    for finding in report.findings:
        line = Text(f"{finding.level.upper()}: ", style=_STYLES[finding.level])
        console.print(line.append(f"{finding.about}: {finding.message}", style="default"), soft_wrap=True)
    for warning in report.warnings:
        console.print(Text("DATA: ", style="magenta").append(warning, style="default"), soft_wrap=True)


def _clusters(clusters: Sequence[ClusterCapacity]) -> Table:
    table = _table("Clusters: schedulable, ready nodes", ["cluster", "resource"])
    for heading in ("used", "requested", "limits", "allocatable"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("utilization", min_width=_BAR)
    for cluster in clusters:
        for name in RESOURCES:
            resource = cluster.resources[name]
            amounts = (resource.used, resource.requested, resource.limit, resource.allocatable)
            table.add_row(
                Text(cluster.cluster or UNKNOWN),
                name,
                *(amount_text(amount, resource.unit) for amount in amounts),
                _utilization(resource),
            )
    return table


def _nodes(nodes: Sequence[NodeCapacity], *, several: bool) -> Table:
    table = _table("Nodes: used / allocatable", [*(["cluster"] if several else []), "node", "zone", "state"])
    table.add_column("cpu", min_width=_BAR)
    table.add_column("memory", min_width=_BAR)
    table.add_column("pods", justify="right", no_wrap=True)
    for node in nodes:
        pods = node.resources["pods"]
        table.add_row(
            *([Text(node.cluster)] if several else []),
            Text(node.node),
            Text(node.zone or UNKNOWN),
            _state(node),
            _utilization(node.resources["cpu"], quiet=True),
            _utilization(node.resources["memory"], quiet=True),
            f"{amount_text(pods.used, pods.unit)} / {amount_text(pods.allocatable, pods.unit)}",
        )
    return table


def _namespaces(namespaces: Sequence[NamespaceCapacity], *, several: bool) -> Table:
    table = _table("Namespaces", [*(["cluster"] if several else []), "namespace"])
    for name in ("cpu", "memory"):
        for heading in ("used", "requested", "limits"):
            table.add_column(f"{name}\n{heading}", justify="right", no_wrap=True)
    table.add_column("pods", justify="right", no_wrap=True, vertical="bottom")
    for place in namespaces:
        cells = [
            amount_text(amount, resource.unit)
            for resource in (place.resources["cpu"], place.resources["memory"])
            for amount in (resource.used, resource.requested, resource.limit)
        ]
        own = [Text(place.cluster)] if several else []
        table.add_row(*own, Text(place.namespace), *cells, amount_text(place.resources["pods"].used, "pods"))
    return table


def _table(title: str, headings: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, no_wrap=True)
    return table


def _utilization(resource: Resource, *, quiet: bool = False) -> Text:
    """A bar, the share and the level in a word; `quiet` leaves "ok" out."""
    share, level = resource.utilization, resource.level
    if share is None or level is None:
        return Text("unknown", style="dim")
    filled = min(round(share * _BAR), _BAR)
    cell = Text("█" * filled, style=_STYLES[level]).append("░" * (_BAR - filled), style="dim")
    cell.append(f" {share_text(share):>6}", style="default")
    return cell if quiet and level == "ok" else cell.append(" ").append(level, style=_STYLES[level])


def _state(node: NodeCapacity) -> Text:
    wrong = [
        *(["NotReady"] if node.ready is False else []),
        *(["cordoned"] if node.schedulable is False else []),
    ]
    return Text(", ".join(wrong), style="yellow") if wrong else Text("ready" if node.ready else "unknown")
