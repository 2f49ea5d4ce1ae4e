"""Durations, ratios, quantities and versions: how people write them, what they mean, how Prometheus wants them."""

from __future__ import annotations

from obsgen.units.amount import Amount, Kind, exact_ratio, number_text, parse_quantity, parse_ratio
from obsgen.units.duration import LONGEST, NO_TIME, Duration
from obsgen.units.version import Version

__all__ = [
    "LONGEST",
    "NO_TIME",
    "Amount",
    "Duration",
    "Kind",
    "Version",
    "exact_ratio",
    "number_text",
    "parse_quantity",
    "parse_ratio",
]
