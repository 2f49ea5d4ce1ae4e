"""What a component goes without, because the installation does not bring the series that it reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftOut:
    """By name."""

    recordings: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()


NOTHING = LeftOut()
