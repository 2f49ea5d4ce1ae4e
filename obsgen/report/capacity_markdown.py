"""The capacity report as Markdown, for a ticket or a chat."""

from __future__ import annotations

from collections.abc import Sequence

from obsgen.live.types import CapacityReport, Resource
from obsgen.printable import markdown, throughout
from obsgen.report.capacity_rows import HEADINGS, Dimension, View, rows_of
from obsgen.report.quantities import amount_text, moment_text, share_text

_USUAL: tuple[Dimension, ...] = ("cluster", "node", "namespace")
_FIGURES = ("used", "used_p95", "requested", "limit", "allocatable")


def capacity_markdown(report: CapacityReport, view: View) -> str:
    """Clusters, nodes and namespaces, or the chosen dimension; then the findings and what the data lacked."""
    report = throughout(report, markdown)
    parts = [f"# Capacity at {moment_text(report.evaluated_at)}", f"CPU is a mean over {report.window}."]
    for dimension in (view.by,) if view.by else _USUAL:
        lines = _table(report, dimension, view.top)
        if lines:
            parts += [f"## By {dimension}", "\n".join(lines)]
    if report.findings:
        found = [f"- **{one.level}** {one.about}: {one.message}" for one in report.findings]
        parts += ["## Findings", "\n".join(found)]
    if report.warnings:
        parts += ["## What the data lacked", "\n".join(f"- {warning}" for warning in report.warnings)]
    return "\n\n".join(parts) + "\n"


def _table(report: CapacityReport, dimension: Dimension, top: int | None) -> list[str]:
    names = HEADINGS[dimension]
    rows = rows_of(report, dimension, top)
    lines = [_line((*names, "resource", *_FIGURES, "utilization", "level"))]
    lines.append(_line([*("---" for _ in (*names, "resource")), *("---:" for _ in _FIGURES), "---:", "---"]))
    for row in rows:
        for name, resource in row.resources.items():
            lines.append(_line((*(one or "-" for one in row.names), name, *_cells(resource))))
    return lines if rows else []


def _cells(resource: Resource) -> Sequence[str]:
    amounts = (amount_text(getattr(resource, figure), resource.unit) for figure in _FIGURES)
    return (*amounts, share_text(resource.utilization), resource.level or "-")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
