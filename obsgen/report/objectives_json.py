"""The report on objectives as JSON in the form that other tools rely on: every key, null for the unknown."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from obsgen.document import json_text
from obsgen.live.objective_types import ObjectivesReport, ObjectiveStanding
from obsgen.report.quantities import moment_text


def objectives_json(report: ObjectivesReport) -> str:
    """The report as indented JSON; `generated_at` is the moment that its figures speak of."""
    return json_text(
        {
            "generated_at": moment_text(report.evaluated_at),
            "objectives": [_standing(standing) for standing in report.objectives],
            "findings": [asdict(finding) for finding in report.findings],
            "warnings": list(report.warnings),
        }
    )


def _standing(standing: ObjectiveStanding) -> dict[str, Any]:
    spans = [
        {"from": moment_text(span.start), "to": moment_text(span.end), "share": span.share}
        for span in standing.spent_by
    ]
    return {**asdict(standing), "spent_by": spans}
