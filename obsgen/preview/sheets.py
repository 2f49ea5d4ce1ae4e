"""Tables: rows of labels and values, joined, ordered and named as the panel's transformations say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from obsgen.preview.amounts import amount
from obsgen.preview.answers import Answer, Panel
from obsgen.preview.colours import colour
from obsgen.query.samples import Vector

Row = dict[str, str | float]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell, and its colour."""

    text: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheet(panel: Panel, answers: Sequence[Answer]) -> Sheet | None:
    """The panel's table; None where no query has an answer."""
    rows = _joined(answers)
    if not rows:
        return None
    order: dict[str, Any] = {}
    for change in panel.get("transformations", ()):
        if change["id"] == "organize":
            order = change["options"]
    hidden = {name for name, out in order.get("excludeByName", {}).items() if out}
    places, names = order.get("indexByName", {}), order.get("renameByName", {})
    fields = list(dict.fromkeys(name for row in rows for name in row if name not in hidden))
    fields.sort(key=lambda name: places.get(name, len(places)))
    units = _units(panel)
    colours = _mapped(panel["fieldConfig"]["defaults"])
    default = panel["fieldConfig"]["defaults"].get("unit", "short")

    def cell(row: Row, field: str) -> Cell:
        value = row.get(field, "")
        if isinstance(value, str):
            return Cell(value, colours.get(value, ""))
        return Cell(amount(value, units.get(names.get(field, field), default)))

    return Sheet(
        tuple(names.get(field, field) for field in fields),
        tuple(tuple(cell(row, field) for field in fields) for row in rows),
    )


def _joined(answers: Sequence[Answer]) -> list[Row]:
    """One row for each set of labels; a second query's values stand beside the first's."""
    several = len(answers) > 1
    rows: dict[tuple[tuple[str, str], ...], Row] = {}
    for answer in answers:
        if not isinstance(answer.data, Vector):
            continue
        value = f"Value #{answer.target['refId']}" if several else "Value"
        for sample in answer.data:
            key = tuple(sorted((name, text) for name, text in sample.labels.items() if name != "__name__"))
            rows.setdefault(key, dict(key))[value] = sample.value
    return list(rows.values())


def _units(panel: Panel) -> Mapping[str, str]:
    return {
        override["matcher"]["options"]: each["value"]
        for override in panel["fieldConfig"].get("overrides", ())
        for each in override["properties"]
        if override["matcher"]["id"] == "byName" and each["id"] == "unit"
    }


def _mapped(defaults: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        value: colour(result["color"])
        for mapping in defaults.get("mappings", ())
        if mapping["type"] == "value"
        for value, result in mapping["options"].items()
    }
