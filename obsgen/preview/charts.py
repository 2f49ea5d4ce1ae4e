"""Panels over time as figures of plotly.js, and the summary under each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from obsgen.preview.amounts import amount, scale
from obsgen.preview.answers import Answer, Panel
from obsgen.preview.choices import Span
from obsgen.preview.colours import lines
from obsgen.preview.legends import legend
from obsgen.printable import printable
from obsgen.query.samples import Matrix
from obsgen.query.samples import amount as amount_of

_PALETTE: Final = (
    "#3274d9", "#e8710a", "#3f9c4d", "#d0342c", "#8f3bb8", "#a0793d", "#d9559c", "#6b7280", "#9a9a1f", "#1aa6b7",
)  # fmt: skip
# As many as a legend can name; the largest are drawn, and the panel says how many there are.
MOST: Final = 20
# The page's heading names the day.
_CLOCK: Final = {"tickformatstops": [{"dtickrange": [None, 86_399_000], "value": "%H:%M"}]}


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its points, and what its legend says of them."""

    name: str
    points: Mapping[float, float]
    unit: str

    @property
    def last(self) -> float:
        """The newest value."""
        return self.points[max(self.points)]

    @property
    def highest(self) -> float:
        """The largest value."""
        return max(self.points.values())

    def summary(self) -> tuple[str, str, str]:
        """Mean, maximum and last."""
        mean = sum(self.points.values()) / len(self.points)
        return amount(mean, self.unit), amount(self.highest, self.unit), amount(self.last, self.unit)


@dataclass(frozen=True, slots=True)
class Chart:
    """What plotly draws, and the legend below it; `more` series are not drawn."""

    figure: Mapping[str, Any]
    legend: Sequence[tuple[str, str, tuple[str, str, str]]]  # colour, name, summary
    more: int


def chart(panel: Panel, answers: Sequence[Answer], span: Span) -> Chart | None:
    """The panel's figure; None where there is nothing to draw."""
    defaults = panel["fieldConfig"]["defaults"]
    unit = defaults.get("unit", "short")
    found = sorted(_lines(answers, unit), key=lambda line: -line.highest)
    drawn = found[:MOST]
    if not drawn:
        return None
    marks = lines(defaults)
    factor, suffix = scale(max(abs(line.highest) for line in drawn), unit)
    colours = [_PALETTE[number % len(_PALETTE)] for number in range(len(drawn))]
    figure = {
        "data": [_trace(line, colour, factor, defaults, span) for line, colour in zip(drawn, colours, strict=True)],
        "layout": _layout(defaults, [(value * factor, colour) for value, colour in marks], factor, suffix, span),
    }
    rows = [(colour, line.name, line.summary()) for line, colour in zip(drawn, colours, strict=True)]
    return Chart(figure, rows, len(found) - len(drawn))


def _lines(answers: Sequence[Answer], unit: str) -> Iterator[Line]:
    for answer in answers:
        if isinstance(answer.data, Matrix):
            for series in answer.data:
                points = {time: value for time, written in series.points if (value := amount_of(written)) is not None}
                if points:
                    yield Line(legend(answer.target, series.labels), points, unit)


def _trace(line: Line, colour: str, factor: float, defaults: Mapping[str, Any], span: Span) -> dict[str, Any]:
    """A step without a value is a gap, as in Grafana."""
    count = round((span.end - span.start) / span.step)
    times = [span.start + number * span.step for number in range(count + 1)]
    near = {round((time - span.start) / span.step): value for time, value in line.points.items()}
    stacked = defaults["custom"].get("stacking", {}).get("mode", "none") != "none"
    return {
        "type": "scatter",
        "mode": "lines" if len(near) > 1 else "markers",
        # Plotly reads tags and entities in names.
        "name": escape(printable(line.name), quote=False),
        # Milliseconds; the page says that they are of UTC.
        "x": [time * 1000 for time in times],
        "y": [near[number] * factor if number in near else None for number in range(count + 1)],
        "line": {"color": colour, "width": 1.5},
        **({"stackgroup": "one"} if stacked else {}),
    }


def _layout(
    defaults: Mapping[str, Any], marks: Sequence[tuple[float, str]], factor: float, suffix: str, span: Span
) -> dict[str, Any]:
    lowest, highest = defaults.get("min"), defaults.get("max")
    vertical: dict[str, Any] = {"ticksuffix": suffix, "automargin": True, "zeroline": False, "nticks": 6}
    if lowest is not None and highest is not None:
        vertical["range"] = [lowest * factor, highest * factor]
    elif lowest is not None:
        vertical |= {"rangemode": "tozero" if lowest == 0 else "normal"}
    return {
        "margin": {"l": 8, "r": 8, "t": 6, "b": 22},
        "showlegend": False,
        "hovermode": "x unified",
        "xaxis": {"type": "date", "range": [span.start * 1000, span.end * 1000], "nticks": 7, **_CLOCK},
        "yaxis": vertical,
        "shapes": [
            {
                "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value,
                "line": {"color": colour or "#888888", "width": 1, "dash": "dash"},
            }
            for value, colour in marks
        ],
    }  # fmt: skip
