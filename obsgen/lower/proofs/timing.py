"""When a test looks: spacing of its samples, and the moments that prove something."""

from __future__ import annotations

import math
from dataclasses import dataclass

from obsgen.units import Duration

# After its last sample a series is still read for this long: Prometheus' default lookback.
STALE_AFTER = Duration(300_000)
_LONG = Duration(7_200_000)
_COARSE = Duration(60_000)


@dataclass(frozen=True, slots=True)
class Timing:
    """The moments of one alert's tests, all on the grid of `step`."""

    step: Duration
    pending: Duration
    lookback: Duration
    keep: Duration

    def samples(self, span: Duration) -> int:
        """How many samples cover the span, rounded up."""
        return math.ceil(span.milliseconds / self.step.milliseconds)

    def moment(self, span: Duration, *, further: int = 0) -> Duration:
        """The first evaluation at or after the span, and some evaluations further."""
        return self.step * (self.samples(span) + further)

    @property
    def certain(self) -> Duration:
        """From here on an alert whose input is sick since the start fires: window, `for`, one step from each edge."""
        return self.moment(self.lookback + self.pending, further=2)

    @property
    def just_before(self) -> Duration:
        """The last evaluation before `for` has passed."""
        return self.step * (self.samples(self.pending) - 1)

    def settled(self, since: Duration) -> Duration:
        """From here on nothing that happened before `since` is read, nor kept firing."""
        return self.moment(since + self.lookback + self.keep, further=3)


def step_for(pending: Duration, lookback: Duration, interval: Duration) -> Duration:
    """Samples as far apart as in production, closer where `for` is short, coarser where it is very long."""
    if Duration(0) < pending < interval * 4:
        return Duration(max(1000, pending.milliseconds // 4 // 1000 * 1000))
    return max(interval, _COARSE) if pending + lookback > _LONG else interval
