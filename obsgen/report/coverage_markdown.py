"""The report on coverage as Markdown, for a ticket or a chat."""

from __future__ import annotations

from collections.abc import Sequence

from obsgen.live.coverage.types import CoverageReport
from obsgen.printable import markdown, throughout
from obsgen.report.coverage_words import COLUMNS, blinded, missing, shares, summary, whose
from obsgen.report.quantities import moment_text


def coverage_markdown(report: CoverageReport) -> str:
    """What is blind and why, the matrix, and what the data lacked."""
    report = throughout(report, markdown)
    parts = [f"# Coverage of {report.stack} at {moment_text(report.evaluated_at)}"]
    parts.append("\n".join(f"- {line}" for line in summary(report)))
    if report.blind_spots:
        rows = [
            (f"**{spot.level}**", whose(spot), spot.cause, spot.remedy, blinded(spot), missing(spot))
            for spot in report.blind_spots
        ]
        parts += ["## Blind", _table(("level", "component", "cause", "what to do", "blind", "lacks"), rows)]
    matrix = [(row.layer, row.component, *shares(row)) for row in report.matrix]
    parts += ["## By layer and component", _table(("layer", "component", *COLUMNS), matrix)]
    for heading, lines in (("Left out", report.left_out), ("What the data lacked", report.warnings)):
        if lines:
            parts += [f"## {heading}", "\n".join(f"- {line}" for line in lines)]
    return "\n\n".join(parts) + "\n"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
