"""The period that an error budget belongs to: rolling, or the calendar month in UTC."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from obsgen.units import Duration

_HOUR = 3600.0
# A month that has just begun still needs a span to ask about.
_SHORTEST = 60.0
# A step for each hour of more than this is more than a server answers; specs take 90 days at most.
_LONGEST = Duration.parse("1y")
# A label may be of any length; a duration of more letters is out of bounds anyway.
_READ = 40


@dataclass(frozen=True, slots=True)
class Period:
    """A period as it stands at one moment; `length` is what lies behind, in seconds."""

    name: str
    calendar: bool
    length: float
    left: float

    @classmethod
    def read(cls, name: str, at: float) -> Period:
        """From the label: `30d`, or `month`; ValueError otherwise."""
        if name != "month":
            length = Duration.parse(name[:_READ])
            if length.milliseconds > _LONGEST.milliseconds:
                msg = f"'{name[:_READ]}' is longer than {_LONGEST}"
                raise ValueError(msg)
            return cls(name, calendar=False, length=max(length.seconds, _SHORTEST), left=math.inf)
        now = datetime.fromtimestamp(at, UTC)
        first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        following = first.replace(year=now.year + now.month // 12, month=now.month % 12 + 1)
        behind = max(at - first.timestamp(), _SHORTEST)
        return cls(name, calendar=True, length=behind, left=following.timestamp() - at)

    @property
    def steps(self) -> int:
        """How many steps of an hour, or a little less, make up the period exactly."""
        return math.ceil(self.length / _HOUR)

    @property
    def step(self) -> Duration:
        """The step's length, in whole milliseconds."""
        return Duration.of_seconds(self.length / self.steps)

    def exhausted_in(self, remaining: float | None, burn: float | None) -> float | None:
        """Seconds until nothing remains of the budget while it burns like this; None where that is not to come.

        In a rolling window no old error is taken to leave. In a month the budget grows with every event, so a
        burn of 1 or less never empties it, and neither does one that would need longer than the month lasts.
        """
        if remaining is None or burn is None:
            return None
        if remaining <= 0:
            return 0.0
        excess = burn - 1 if self.calendar else burn
        if excess <= 0:
            return None
        seconds = remaining * self.length / excess
        return seconds if seconds <= self.left else None
