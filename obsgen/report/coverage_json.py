"""The report on coverage as JSON in the form that other tools rely on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from obsgen.document import json_text
from obsgen.live.coverage.types import CoverageReport, Covered, Kind, Row
from obsgen.report.quantities import moment_text

_PLURALS: Mapping[Kind, str] = {
    "alert": "alerts",
    "recording": "recordings",
    "objective": "objectives",
    "panel": "panels",
}
_COLUMNS = ("scraped", "recorded", "alerted", "routed", "drawn")


def coverage_json(report: CoverageReport) -> str:
    """The report as indented JSON; `generated_at` is the moment that it speaks of."""
    return json_text(
        {
            "generated_at": moment_text(report.evaluated_at),
            "stack": report.stack,
            **{plural: [_reader(one) for one in report.of(kind)] for kind, plural in _PLURALS.items()},
            "matrix": [_row(row) for row in report.matrix],
            "unseen": [asdict(one) for one in report.unseen],
            "left_out": list(report.left_out),
            "warnings": list(report.warnings),
        }
    )


def _reader(one: Covered) -> dict[str, Any]:
    body: dict[str, Any] = {"component": one.component, one.kind: one.name}
    if one.kind == "alert":
        body["severity"] = one.severity
    if one.kind in ("alert", "recording"):
        body["loaded"] = one.loaded
    return {**body, "sees": one.sees, "missing": [asdict(fault) for fault in one.missing]}


def _row(row: Row) -> dict[str, Any]:
    """How many are well, and under `of` how many there are."""
    shares = {name: getattr(row, name) for name in _COLUMNS}
    return {
        "layer": row.layer,
        "component": row.component,
        **{name: share.well for name, share in shares.items()},
        "of": {name: share.all for name, share in shares.items()},
    }
