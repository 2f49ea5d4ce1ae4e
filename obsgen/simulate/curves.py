"""Usage over time, in forms whose mean, percentile, maximum and slope are known without sampling them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# A fifth of the time lies on the peak, so the 95th percentile is the peak, and half of it lies at the base.
# The peak is over early: whatever is read at the end is the base.
PEAK_FROM: Final = 0.05
PEAK_UNTIL: Final = 0.25


@dataclass(frozen=True, slots=True)
class CpuCurve:
    """Cores as a multiple of a container's base: 1, but `peak` during one fifth of the time."""

    start: int
    seconds: int
    peak: float

    def spent(self, moment: float) -> float:
        """Core-seconds since the start for a base of one core."""
        since = moment - self.start
        begins, ends = PEAK_FROM * self.seconds, PEAK_UNTIL * self.seconds
        return since + (self.peak - 1) * min(max(since - begins, 0.0), ends - begins)


@dataclass(frozen=True, slots=True)
class MemoryCurve:
    """Bytes as a multiple of a container's base: a straight line that reads 1 at `end`."""

    end: int
    growth_per_second: float

    def at(self, moment: float) -> float:
        """The multiple at a moment."""
        return 1 + self.growth_per_second * (moment - self.end)

    def highest(self, start: float, until: float) -> float:
        """The largest multiple between two moments."""
        return max(self.at(start), self.at(until))
