"""Panels of single values: one tile for each series."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from obsgen.preview.amounts import amount
from obsgen.preview.answers import Answer, Panel
from obsgen.preview.colours import of_value
from obsgen.preview.legends import legend
from obsgen.query.samples import Matrix, Vector


@dataclass(frozen=True, slots=True)
class Tile:
    """A value as text, its colour, and a name where there are several."""

    text: str
    colour: str
    name: str = ""


def tiles(panel: Panel, answers: Sequence[Answer]) -> list[Tile]:
    """The panel's tiles; none where no query has an answer."""
    defaults = panel["fieldConfig"]["defaults"]
    unit = defaults.get("unit", "short")
    values = list(_values(answers))
    named = len(values) > 1 or panel["options"].get("textMode") == "value_and_name"
    return [Tile(amount(value, unit), of_value(value, defaults), name if named else "") for name, value in values]


def _values(answers: Sequence[Answer]) -> Iterator[tuple[str, float]]:
    for answer in answers:
        if isinstance(answer.data, Vector):
            for sample in answer.data:
                if not math.isnan(sample.value):
                    yield legend(answer.target, sample.labels), sample.value
        elif isinstance(answer.data, Matrix):
            for series in answer.data:
                known = [value for _, value in series.points if not math.isnan(value)]
                if known:
                    yield legend(answer.target, series.labels), known[-1]
