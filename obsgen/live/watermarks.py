"""Watermarks: the shares of what a cluster has from which its filling is a warning, then critical."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from obsgen.spec.stack import CapacitySpec

Level = Literal["ok", "warning", "critical"]


@dataclass(frozen=True, slots=True)
class Watermark:
    """Two ratios of used to allocatable, from 0 to 1; `action` names what starts past the critical one."""

    warning: float
    critical: float
    action: str = ""

    def __post_init__(self) -> None:
        """ValueError where the critical mark lies below the warning."""
        if not 0 < self.warning <= self.critical:
            msg = f"watermarks {self.warning:.0%} and {self.critical:.0%} are out of order: warning comes first"
            raise ValueError(msg)

    def level(self, utilization: float) -> Level:
        """A mark is passed above it, not at it."""
        if utilization > self.critical:
            return "critical"
        return "warning" if utilization > self.warning else "ok"


def watermarks_of(capacity: CapacitySpec) -> Mapping[str, Watermark]:
    """The spec's own levels, and the usual ones for what it does not set."""
    own = {
        str(resource): Watermark(mark.warning.value, mark.critical.value, mark.action or "")
        for resource, mark in capacity.watermarks.items()
    }
    return {**DEFAULT_WATERMARKS, **own}


# CPU throttles where memory kills, so its warning comes later; memory past 85 % is what starts a scale-out.
DEFAULT_WATERMARKS: Final[Mapping[str, Watermark]] = MappingProxyType(
    {"cpu": Watermark(0.70, 0.85), "memory": Watermark(0.75, 0.85, action="scale-out")}
)
