"""Grafana's named colours, and the one that a panel's thresholds give to a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_NAMED: Final = {
    "green": "#3f9c4d",
    "yellow": "#d9a400",
    "orange": "#e8710a",
    "red": "#d0342c",
    "blue": "#3274d9",
    "purple": "#8f3bb8",
    "semi-dark-red": "#b3261e",
    "semi-dark-orange": "#c75f00",
    "transparent": "",
    "text": "",
}


def colour(name: str) -> str:
    """As CSS writes it; empty where the page's own is meant."""
    return _NAMED.get(name, name if name.startswith("#") else "")


def of_value(value: float, defaults: Mapping[str, Any]) -> str:
    """The colour of the last threshold that the value reaches."""
    steps = defaults.get("thresholds", {}).get("steps", ())
    reached = [step for step in steps if step["value"] is None or value >= step["value"]]
    return colour(reached[-1]["color"]) if reached else ""


def lines(defaults: Mapping[str, Any]) -> list[tuple[float, str]]:
    """Where a chart draws its thresholds, and in which colour."""
    if defaults.get("custom", {}).get("thresholdsStyle", {}).get("mode", "off") == "off":
        return []
    steps = defaults.get("thresholds", {}).get("steps", ())
    return [(step["value"], colour(step["color"])) for step in steps if step["value"] is not None]
