"""A fire drill: alerts that are sent to see whom they reach, and whom they must reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from obsgen.spec.layers import Tier
from obsgen.units import Duration

DRILL_ALERT: Final = "ObsgenDrill"
DRILL_LABEL: Final = "drill"


@dataclass(frozen=True, slots=True)
class Hearer:
    """A receiver that must be told of an alert: in these hours or not, after how long, grouped how."""

    receiver: str
    now: bool
    wait: Duration
    group_by: frozenset[str]
    """The labels of the alert that name its group."""


@dataclass(frozen=True, slots=True)
class DrillAlert:
    """One alert of a drill, for one tier of one team."""

    team: str
    tier: Tier
    labels: Mapping[str, str]
    hearers: tuple[Hearer, ...]


@dataclass(frozen=True, slots=True)
class Drill:
    """All alerts of a drill, and what they could keep unsaid while they last."""

    name: str
    alerts: tuple[DrillAlert, ...]
    silences: tuple[str, ...]
    """Inhibitions by which these alerts could hide real ones."""
