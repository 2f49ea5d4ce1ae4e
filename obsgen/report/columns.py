"""Columns of plain text, as wide as a terminal draws what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from obsgen.printable import one_line, width


def columns(rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """A line for each row, its cells two spaces apart; those at the places `right` end where their column ends."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(_cells(row, widths, right)).rstrip() for row in cells]


def _cells(row: Sequence[str], widths: Sequence[int], right: frozenset[int]) -> Iterable[str]:
    for place, (cell, wide) in enumerate(zip(row, widths, strict=True)):
        space = " " * (wide - width(cell))
        yield space + cell if place in right else cell + space
