"""The report on coverage as one HTML page without scripts, in the frame of every report's page."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment

from obsgen.live.coverage.types import CoverageReport
from obsgen.report.coverage_words import COLUMNS, blinded, missing, share, summary, whose
from obsgen.report.pages import page_templates
from obsgen.report.quantities import minute_text, moment_text


def coverage_html(report: CoverageReport, *, written_at: float) -> str:
    """The page; `written_at` is in seconds since 1970."""
    template = _environment().get_template("coverage.html.j2")
    return template.render(
        report=report,
        spots=report.blind_spots,
        summary=summary(report),
        columns=COLUMNS,
        written_at=written_at,
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = page_templates("obsgen.report")
    environment.filters.update(
        blinded=blinded, missing=missing, share=share, whose=whose, moment=moment_text, minute=minute_text
    )
    return environment
