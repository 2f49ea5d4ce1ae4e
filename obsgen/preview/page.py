"""A dashboard as a page: its panels where Grafana puts them, with what their queries answered."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment
from markdown_it import MarkdownIt
from markupsafe import Markup

from obsgen.emit.grafana.load import panels_of
from obsgen.preview.answers import Answer, Panel
from obsgen.preview.charts import Chart, chart
from obsgen.preview.choices import Choice, Span
from obsgen.preview.sheets import Sheet, sheet
from obsgen.preview.tiles import Tile, tiles
from obsgen.printable import printable
from obsgen.report.pages import page_templates
from obsgen.report.quantities import minute_text

# Where a page finds the library that draws its charts.
SCRIPT: Final = "plotly.min.js"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel and what is drawn in it; nothing where no query has an answer."""

    panel: Panel
    answers: tuple[Answer, ...]
    chart: Chart | None = None
    tiles: Sequence[Tile] = ()
    sheet: Sheet | None = None
    text: Markup | None = None

    @property
    def empty(self) -> bool:
        """Whether the panel asks something and shows nothing."""
        return bool(self.panel.get("targets")) and not (self.chart or self.tiles or self.sheet)

    @property
    def errors(self) -> tuple[str, ...]:
        """What the server said against its queries."""
        return tuple(answer.error for answer in self.answers if answer.error)

    @property
    def nothing(self) -> str:
        """What Grafana would show instead of data."""
        said: str = self.panel["fieldConfig"]["defaults"].get("noValue", "No data")
        return said


@dataclass(frozen=True, slots=True)
class Entry:
    """One dashboard in the list of all."""

    uid: str
    title: str


def drawn(body: Mapping[str, Any], answers: Mapping[int, tuple[Answer, ...]], span: Span) -> tuple[Drawn, ...]:
    """Every panel of the dashboard, drawn."""
    return tuple(_drawn(panel, answers.get(panel["id"], ()), span) for panel in panels_of(body))


def board_page(  # noqa: PLR0913 - a page has many parts
    body: Mapping[str, Any],
    panels: Sequence[Drawn],
    chosen: Sequence[Choice],
    span: Span,
    entries: Sequence[Entry],
    *,
    live: bool,
) -> str:
    """The dashboard's page; a `live` one asks anew and offers choices."""
    figures = {str(one.panel["id"]): one.chart.figure for one in panels if one.chart}
    return (
        _templates()
        .get_template("board.html.j2")
        .render(
            body=body,
            panels=panels,
            chosen=chosen,
            shown=f"{minute_text(span.start)} to {minute_text(span.end)}",
            entries=entries,
            live=live,
            script=SCRIPT,
            drawing=Markup(_drawing()),  # noqa: S704 - our own file
            drawing_hash=b64encode(sha256(_drawing().encode()).digest()).decode(),
            # A closing tag in a legend must not end the element.
            figures=Markup(json.dumps(figures, separators=(",", ":")).replace("<", "\\u003c")),  # noqa: S704
        )
    )


def index_page(title: str, entries: Sequence[Entry], *, live: bool) -> str:
    """The list of the dashboards."""
    return _templates().get_template("index.html.j2").render(title=title, entries=entries, live=live)


def _drawn(panel: Panel, answers: tuple[Answer, ...], span: Span) -> Drawn:
    match panel["type"]:
        case "timeseries":
            return Drawn(panel, answers, chart=chart(panel, answers, span))
        case "stat":
            return Drawn(panel, answers, tiles=tiles(panel, answers))
        case "table":
            return Drawn(panel, answers, sheet=sheet(panel, answers))
        case "text":
            return Drawn(panel, answers, text=_markdown(panel["options"]["content"]))
    return Drawn(panel, answers)


def _markdown(text: str) -> Markup:
    # Markdown's own HTML is not let through, nor what would be fetched from elsewhere: a spec's words are words.
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return Markup(reader.render(printable(text)))  # noqa: S704


@lru_cache(maxsize=1)
def _drawing() -> str:
    """The page's own script, the only one in it that may run."""
    return (files("obsgen.preview") / "html" / "board.js").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return page_templates("obsgen.preview")
