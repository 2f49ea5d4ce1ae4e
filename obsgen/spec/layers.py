"""The three layers and the severities: the words that spec, packs and rules share."""

from __future__ import annotations

from typing import Literal

Layer = Literal["infrastructure", "kubernetes", "application"]
Severity = Literal["critical", "warning", "info", "none"]
# What is woken for, what can wait until the morning, what becomes a ticket, what is read some day.
Tier = Literal["P1", "P2", "P3", "P4"]

LAYERS: tuple[Layer, ...] = ("infrastructure", "kubernetes", "application")
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info", "none")
TIERS: tuple[Tier, ...] = ("P1", "P2", "P3", "P4")
