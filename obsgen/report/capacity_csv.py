"""The capacity report as CSV: one line per place and resource, in plain units, empty for the unknown."""

from __future__ import annotations

import csv
from dataclasses import fields
from io import StringIO

from obsgen.live.types import CapacityReport, Resource
from obsgen.report.capacity_rows import HEADINGS, View, rows_of

_FIGURES = tuple(field.name for field in fields(Resource))


def capacity_csv(report: CapacityReport, view: View) -> str:
    """Nodes, unless another dimension is chosen; ratios are from 0 upward."""
    dimension = view.by or "node"
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*HEADINGS[dimension], "resource", *_FIGURES))
    for row in rows_of(report, dimension, view.top):
        for name, resource in row.resources.items():
            figures = [getattr(resource, figure) for figure in _FIGURES]
            writer.writerow([*map(_harmless, row.names), name, *("" if value is None else value for value in figures)])
    return text.getvalue()


def _harmless(name: str | None) -> str:
    """A name as it is; a label's value that a spreadsheet would run as a formula is made plain text."""
    text = name or ""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
