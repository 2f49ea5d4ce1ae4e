"""The capacity report for a terminal: tables with bars, levels in colour and in words, findings below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from obsgen.live.types import CapacityReport, ClusterCapacity, NodeCapacity, Resource
from obsgen.printable import one_line, throughout
from obsgen.report.capacity_answers import answer_tables
from obsgen.report.capacity_rows import HEADINGS, Dimension, Row, View, rows_of, state_text
from obsgen.report.quantities import UNKNOWN, amount_text, moment_text, share_text
from obsgen.report.tables import BAR, STYLES, bar, print_notes, table

EVERYTHING: Final = View()


def capacity_table(report: CapacityReport, console: Console, view: View = EVERYTHING) -> None:
    """Print the report, or one dimension of it; nothing in it is told by colour alone."""
    report = throughout(report, one_line)
    console.print(Text(title_of(report), style="bold"))
    for part in _dimension(report, view) if view.by else _usual(report, view):
        if part.row_count:
            console.print()
            console.print(part)
    print_notes(report.findings, report.warnings, console)


def title_of(report: CapacityReport) -> str:
    """The moment that the figures speak of, and over what they are means."""
    past = f", history over {report.history}" if report.history.milliseconds else ""
    return f"Capacity, evaluated at {moment_text(report.evaluated_at)}, CPU as a mean over {report.window}{past}"


def _usual(report: CapacityReport, view: View) -> Iterator[Table]:
    several = len(report.clusters) > 1
    yield _clusters(report.clusters)
    yield _nodes(report.nodes if view.top is None else _first_nodes(report, view.top), several=several)
    yield _users(report, View("namespace", view.top), several=several)
    yield from answer_tables(report, view.top)


def _first_nodes(report: CapacityReport, top: int) -> Sequence[NodeCapacity]:
    by_name = {(node.cluster, node.node): node for node in report.nodes}
    return [by_name[row.names[0] or "", row.names[1] or ""] for row in rows_of(report, "node", top)]


def _dimension(report: CapacityReport, view: View) -> Iterator[Table]:
    several = len(report.clusters) > 1
    match view.by:
        case "cluster":
            yield _clusters(report.clusters)
        case "node":
            yield _nodes(report.nodes if view.top is None else _first_nodes(report, view.top), several=several)
        case "pool" | "zone":
            yield _filled(report, view, several=several)
        case _:
            yield _users(report, view, several=several)


def _clusters(clusters: Sequence[ClusterCapacity]) -> Table:
    part = table("Clusters: schedulable, ready nodes", ["cluster", "resource"])
    figures = {"used": "used", "system": "machines", "requested": "requested", "limit": "limits"}
    if not any(resource.system for cluster in clusters for resource in cluster.resources.values()):
        del figures["system"]
    figures["allocatable"] = "allocatable"
    for heading in figures.values():
        part.add_column(heading, justify="right", no_wrap=True)
    part.add_column("utilization", min_width=BAR)
    for cluster in clusters:
        for name, resource in cluster.resources.items():
            part.add_row(
                Text(cluster.cluster or UNKNOWN),
                name,
                *(amount_text(getattr(resource, figure), resource.unit) for figure in figures),
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


def _filled(report: CapacityReport, view: View, *, several: bool) -> Table:
    """Places with something allocatable, as bars."""
    dimension = view.by or "zone"
    part = table(f"{dimension.capitalize()}s: used / allocatable of schedulable, ready nodes", [])
    for heading in HEADINGS[dimension][0 if several else 1 :]:
        part.add_column(heading, no_wrap=True)
    for name in ("cpu", "memory"):
        part.add_column(name, min_width=BAR)
        part.add_column(f"{name} machine\np95", justify="right", no_wrap=True)
    part.add_column("pods", justify="right", no_wrap=True)
    for row in rows_of(report, dimension, view.top):
        cells: list[Text] = []
        for name in ("cpu", "memory"):
            resource = row.resources[name]
            cells += [_utilization(resource, quiet=True), Text(amount_text(resource.system_p95, resource.unit))]
        names = [Text(name or UNKNOWN) for name in row.names[0 if several else 1 :]]
        part.add_row(*names, *cells, amount_text(row.resources["pods"].used, "pods"))
    return part


def _users(report: CapacityReport, view: View, *, several: bool) -> Table:
    """Places to which nothing is allocatable: what they use and ask for."""
    dimension = view.by or "namespace"
    headings = ("cluster", "workload", "kind", "team") if dimension == "workload" else HEADINGS[dimension]
    part = table(f"{dimension.capitalize()}s", headings[0 if several else 1 :])
    if dimension == "team":
        part.columns[-1].no_wrap = False
    figures = {"used": "used", "used_p95": "p95", "requested": "requested", "limit": "limits"}
    if not report.history.milliseconds:
        del figures["used_p95"]
    if dimension == "workload":
        # Names are long, and figures must not be cut.
        del figures["limit"]
    for name in ("cpu", "memory"):
        for heading in figures.values():
            part.add_column(f"{name}\n{heading}", justify="right", no_wrap=True)
    part.add_column("pods", justify="right", no_wrap=True, vertical="bottom")
    for row in rows_of(report, dimension, view.top):
        cells = [
            amount_text(getattr(resource, figure), resource.unit)
            for resource in (row.resources["cpu"], row.resources["memory"])
            for figure in figures
        ]
        names = [Text(name) for name in _names(row, dimension)[0 if several else 1 :]]
        part.add_row(*names, *cells, amount_text(row.resources["pods"].used, "pods"))
    return part


def _names(row: Row, dimension: Dimension) -> list[str]:
    names = [name or UNKNOWN for name in row.names]
    if dimension != "workload":
        return names
    cluster, namespace, kind, workload, team = names
    return [cluster, f"{namespace}/{workload}", kind, team]


def _utilization(resource: Resource, *, quiet: bool = False) -> Text:
    """A bar, the share and the level in a word; `quiet` leaves "ok" out."""
    share, level = resource.utilization, resource.level
    if share is None or level is None:
        return Text("unknown", style="dim")
    cell = bar(share, level).append(f" {share_text(share):>6}", style="default")
    return cell if quiet and level == "ok" else cell.append(" ").append(level, style=STYLES[level])


def _state(node: NodeCapacity) -> Text:
    return Text(state_text(node), style="" if node.takes_pods else "yellow")
