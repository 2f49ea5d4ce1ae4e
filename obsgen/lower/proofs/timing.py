"""When a test looks: spacing of its samples, and the moments that prove something."""

from __future__ import annotations

import math
from dataclasses import dataclass

from obsgen.units import NO_TIME, Duration

# After its last sample a series is still read for this long: Prometheus' default lookback.
STALE_AFTER = Duration(300_000)
# Spacing grows so that a test takes about this many steps, but a series must never look stale,
# and every range must hold this many samples.
_STEPS = 40
_COARSEST = Duration(120_000)
_IN_A_RANGE = 5


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

    @property
    def latest(self) -> Duration:
        """From here on fires what was pending at `just_before`, and nothing yet that waits twice as long."""
        return self.moment(self.just_before + self.pending)

    def settled(self, since: Duration) -> Duration:
        """From here on nothing that happened before `since` is read, nor kept firing."""
        return self.moment(since + self.lookback + self.keep, further=3)


def step_for(pending: Duration, lookback: Duration, interval: Duration, shortest: Duration | None = None) -> Duration:
    """Samples as far apart as in production, closer where `for` is short, coarser where the test is long.

    `shortest` is the shortest range that the expression reads: it must hold a few samples at any spacing.
    """
    if NO_TIME < pending < interval * 4:
        return Duration(max(1000, pending.milliseconds // 4 // 1000 * 1000))
    coarsest = _COARSEST if shortest is None else min(_COARSEST, Duration(shortest.milliseconds // _IN_A_RANGE))
    wanted = Duration((pending + lookback).milliseconds // _STEPS // 30_000 * 30_000)
    return max(interval, min(wanted, coarsest))
