"""A robust trend through points: Theil-Sen's median of slopes, with the interval that its ranks allow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import Final

from obsgen.live.past import Points

# Two-sided, 95 %.
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Trend:
    """`level` is the value at the last point by the line; slopes are per second, `low` and `high` bound 95 %."""

    level: float
    slope: float
    low: float
    high: float


def trend(points: Points) -> Trend | None:
    """The line whose slope is the median of all pairs' slopes, so that a burst or a gap does not bend it.

    The interval is Sen's: a normal approximation of the rank of Kendall's S. None of fewer than two points.
    """
    pairs = sorted(points.items())
    count = len(pairs)
    slopes = sorted(
        (later - value) / (after - time)
        for index, (time, value) in enumerate(pairs)
        for after, later in pairs[index + 1 :]
    )
    if not slopes:
        return None
    spread = _Z * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    below = max(math.floor((len(slopes) - spread) / 2), 0)
    above = min(math.ceil((len(slopes) + spread) / 2), len(slopes) - 1)
    slope = median(slopes)
    end = pairs[-1][0]
    level = median(value + slope * (end - time) for time, value in pairs)
    return Trend(level, slope, slopes[below], slopes[above])
