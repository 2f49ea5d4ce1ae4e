"""What an alert waits for, rendered for one component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from obsgen.diagnostics import Location
from obsgen.spec.feeds import FeedSpec
from obsgen.spec.metrics import MetricSpec

Scenes = Mapping[str, tuple[FeedSpec, ...]]
"""By the words for it, series that bring a state about; their names are rendered."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A state in which an alert is none, where both agree in the labels `on`."""

    name: str
    on: tuple[str, ...]
    expr: str
    metrics: Mapping[str, MetricSpec]
    silent_while: Scenes
    fires_while: Scenes
    origin: Location


@dataclass(frozen=True, slots=True)
class Cover:
    """What a guard covers of what one component reads: alerts on these selectors must take a stand."""

    guard: str
    on: tuple[str, ...]
    selectors: tuple[str, ...]
