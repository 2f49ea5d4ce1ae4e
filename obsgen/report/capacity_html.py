"""The capacity report as one HTML page without scripts, for a printer or an attachment."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from obsgen.live.types import CapacityReport, unit_of
from obsgen.report.capacity_charts import bars, drawings, patches
from obsgen.report.capacity_rows import Dimension, View, rows_of
from obsgen.report.pages import page_templates
from obsgen.report.quantities import UNKNOWN, amount_text, minute_text, moment_text, share_text

# A page that people read to its end; --top says otherwise, and JSON has them all.
_LISTED: Final = 20
_LEVELS: Final = ("critical", "warning", "info")
_TABLES: Final[tuple[Dimension, ...]] = ("namespace", "team", "pool", "zone")
_NOT_KNOWN: Final = Markup('<span class="unknown">unknown</span>')


def capacity_html(report: CapacityReport, view: View, *, written_at: float) -> str:
    """The page; `written_at` is in seconds since 1970, and the page says how old its figures were then."""
    return (
        _environment()
        .get_template("capacity.html.j2")
        .render(
            report=report,
            age=age_text(written_at - report.evaluated_at),
            written_at=written_at,
            whole=view.by is None,
            tables=[(one, rows_of(report, one, view.top)) for one in ([view.by] if view.by else _TABLES)],
            findings=[one for level in _LEVELS for one in report.findings if one.level == level],
            levels=_LEVELS,
            patches=list(patches(report.nodes)),
            bars=list(bars(report)),
            stranded=sorted(report.answers.stranded, key=lambda row: -max(row.cpu_share, row.memory_share)),
            drawings=list(drawings(report)),
            listed=view.top or _LISTED,
        )
    )


def age_text(seconds: float) -> str:
    """An age in its two largest units; clocks that differ a little make no age."""
    minutes = max(round(seconds / 60), 0)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = page_templates("obsgen.report")
    environment.filters.update(
        amount=_amount, share=_share, moment=moment_text, minute=minute_text, unit_of=unit_of, signed=_signed
    )
    return environment


def _amount(value: float | None, unit: str) -> Markup:
    """The figure as people read it, with the exact one beside it for programs."""
    return _figure(value, amount_text(value, unit))


def _share(ratio: float | None) -> Markup:
    return _figure(ratio, share_text(ratio))


def _signed(ratio: float | None) -> Markup:
    return _figure(ratio, UNKNOWN if ratio is None else f"{ratio:+.1%}")


def _figure(value: float | None, text: str) -> Markup:
    return _NOT_KNOWN if value is None else Markup('<data value="{}">{}</data>').format(repr(value), text)
