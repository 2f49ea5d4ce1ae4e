"""The three layers and the severities: the words that spec, packs and rules share."""

from __future__ import annotations

from typing import Literal

Layer = Literal["infrastructure", "kubernetes", "application"]
Severity = Literal["critical", "warning", "info", "none"]

LAYERS: tuple[Layer, ...] = ("infrastructure", "kubernetes", "application")
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info", "none")
