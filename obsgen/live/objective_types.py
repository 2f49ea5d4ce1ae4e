"""What a report on objectives holds: plain values, None for everything that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from obsgen.live.types import Finding
from obsgen.live.watermarks import Level

# The windows that a spec's tables have unless it brings its own; others are added as they are found.
WINDOWS: Final = ("5m", "1h", "6h", "1d", "3d")

Pace = Literal["at_1h_pace", "at_1d_pace"]
PACES: Final[Mapping[Pace, str]] = {"at_1h_pace": "1h", "at_1d_pace": "1d"}


@dataclass(frozen=True, slots=True)
class Budget:
    """The error budget of the period: shares of it (1 is all), and the same in failed events.

    Overspent, `remaining` and `events_left` are negative and `spent` is above 1.
    """

    remaining: float | None = None
    spent: float | None = None
    events_left: float | None = None
    events_spent: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which budget was spent faster than it lasts, in seconds since 1970; `share` of the budget went."""

    start: float
    end: float
    share: float


@dataclass(frozen=True, slots=True)
class Group:
    """One of the groups that an objective counts apart, with its share of all events that failed."""

    labels: Mapping[str, str]
    share: float


@dataclass(frozen=True, slots=True)
class ObjectiveStanding:
    """One objective in one cluster, and in one group where it counts by labels (`labels`).

    `burn` goes by window: 1 is the pace that spends the budget exactly in the period. `exhausted_in` is in
    seconds; a rolling window's old errors are taken to stay, so it is the earliest that this pace allows.
    """

    cluster: str
    component: str
    objective: str
    team: str
    layer: str
    labels: Mapping[str, str]
    target: float
    period: str
    error_ratio: float | None
    budget: Budget
    burn: Mapping[str, float | None]
    exhausted_in: Mapping[Pace, float | None]
    level: Level | None
    spent_by: tuple[Span, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def name(self) -> str:
        """Component, objective and group: `orders/success route=/pay`."""
        return " ".join((f"{self.component}/{self.objective}", *(f"{k}={v}" for k, v in self.labels.items())))

    @property
    def title(self) -> str:
        """The name that a finding shows, with its cluster where it has one."""
        return f"{self.name} in cluster {self.cluster}" if self.cluster else self.name


@dataclass(frozen=True, slots=True)
class ObjectivesReport:
    """Every objective at `evaluated_at`, in seconds since 1970.

    `findings` speak of the objectives, `warnings` of what the backend or its data lacked.
    """

    evaluated_at: float
    objectives: tuple[ObjectiveStanding, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]
