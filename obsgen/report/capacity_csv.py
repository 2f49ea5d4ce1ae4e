"""The capacity report as CSV: one line per place and resource, in plain units, empty for the unknown."""

from __future__ import annotations

import csv
from dataclasses import fields
from io import StringIO

from obsgen.live.types import CapacityReport, Resource
from obsgen.printable import csv_cell
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
            names = [csv_cell(one or "") for one in (*row.names, name)]
            figures = [getattr(resource, figure) for figure in _FIGURES]
            writer.writerow([*names, *("" if value is None else value for value in figures)])
    return text.getvalue()
