"""A value that somebody chose, and where."""

from __future__ import annotations

from dataclasses import dataclass

from obsgen.diagnostics import Location


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that somebody chose: what it is, and where that stands."""

    name: str
    text: str
    origin: Location
