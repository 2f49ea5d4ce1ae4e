"""Where panels stand: sections of panels flow from left to right over a grid of 24 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from grafanalib.core import GridPos

from obsgen.emit.grafana.panels import Row

COLUMNS = 24
# More queries than this at once make a dashboard slow to open and hard to read.
OPEN_PANELS = 40


@dataclass(frozen=True, slots=True)
class Block:
    """A panel with its size: columns of 24, and rows of 30 pixels."""

    panel: Any
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Section:
    """Panels under one row heading. Without a title there is no heading, and the panels are always open."""

    title: str
    blocks: tuple[Block, ...]
    collapsed: bool = False


def side_by_side(panels: Sequence[Any], height: int) -> tuple[Block, ...]:
    """Three side by side, else pairs, and an odd last one across the whole width."""
    odd = len(panels) % 2
    widths = [8, 8, 8] if len(panels) == 3 else [12] * (len(panels) - odd) + [24] * odd
    return tuple(Block(panel, width, height) for panel, width in zip(panels, widths, strict=True))


def collapsed_beyond(sections: Iterable[Section], limit: int = OPEN_PANELS) -> list[Section]:
    """The sections, collapsed from the first on that would open more than `limit` panels in all."""
    kept, opened, full = [], 0, False
    for section in sections:
        if section.title and not section.collapsed:
            full = full or opened + len(section.blocks) > limit
        collapsed = bool(section.title) and (section.collapsed or full)
        opened += 0 if collapsed else len(section.blocks)
        kept.append(replace(section, collapsed=collapsed))
    return kept


def flow(sections: Iterable[Section]) -> list[Any]:
    """Grafana's panels with ids in reading order and places that do not overlap; empty sections vanish."""
    ids = count(1)
    placed: list[Any] = []
    y = 0
    for section in sections:
        if not section.blocks:
            continue
        row = Row(title=section.title, collapsed=section.collapsed)
        if section.title:
            row.id, row.gridPos = next(ids), GridPos(h=1, w=COLUMNS, x=0, y=y)
            placed.append(row)
            y += 1
        panels = list(_shelved(section.blocks, y, ids))
        if section.title and section.collapsed:
            # The panels stand as if the row were open; what follows the row stands as if it were closed.
            row.panels = panels
        else:
            placed += panels
            y = max(panel.gridPos.y + panel.gridPos.h for panel in panels)
    return placed


def _shelved(blocks: Sequence[Block], y: int, ids: Iterator[int]) -> Iterator[Any]:
    x = shelf_height = 0
    for block in blocks:
        if x + block.width > COLUMNS:
            x, y, shelf_height = 0, y + shelf_height, 0
        place = GridPos(h=block.height, w=block.width, x=x, y=y)
        # A copy: one panel may stand in two places. attrs' own would validate every attribute once more.
        panel = copy(block.panel)
        panel.id, panel.gridPos = next(ids), place
        yield panel
        x += block.width
        shelf_height = max(shelf_height, block.height)
