"""Spans of time, as Prometheus writes and keeps them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, total_ordering
from typing import Any, Final

from obsgen.printable import shortened
from obsgen.units.written import DIGITS, SHOWN, Written

_MILLISECONDS: Final = {
    "y": 365 * 86_400_000,
    "w": 7 * 86_400_000,
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1_000,
    "ms": 1,
}
# Prometheus' own grammar: units in descending order, each at most once, whole numbers only.
DURATION_PATTERN: Final = r"^(0|(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$"
_DURATION_PART: Final = re.compile(r"(\d+)(ms|[ywdhms])")


@total_ordering
@dataclass(frozen=True, slots=True)
class Duration(Written):
    """A span of time, kept in whole milliseconds as Prometheus keeps it."""

    milliseconds: int

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read `5m`, `1h30m` or `0`; ValueError says what a duration looks like."""
        if not text or not re.fullmatch(DURATION_PATTERN, text, re.ASCII):
            written = shortened(text, SHOWN)
            msg = f"'{written}' is not a duration: write whole numbers with units, such as 30s, 5m, 1h30m or 7d"
            raise ValueError(msg)
        parts = _DURATION_PART.findall(text)
        if any(len(count) > DIGITS for count, _ in parts):
            raise ValueError(_too_long(text))
        span = cls(sum(int(count) * _MILLISECONDS[unit] for count, unit in parts))
        if span > LONGEST:
            raise ValueError(_too_long(text))
        return span

    @classmethod
    def of_seconds(cls, seconds: float) -> Duration:
        """The duration nearest to this many seconds."""
        return cls(round(seconds * 1000))

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.milliseconds / 1000

    def __str__(self) -> str:
        """Prometheus' spelling, largest units first, but never years or weeks, which few can read at a glance."""
        return _spelled(self.milliseconds)

    def __lt__(self, other: Duration) -> bool:
        return self.milliseconds < other.milliseconds

    def __add__(self, other: Duration) -> Duration:
        return Duration(self.milliseconds + other.milliseconds)

    def __mul__(self, factor: int) -> Duration:
        return Duration(self.milliseconds * factor)

    @classmethod
    def json_form(cls) -> dict[str, Any]:
        """What editors accept."""
        return {"type": "string", "pattern": DURATION_PATTERN, "examples": ["30s", "5m", "1h30m"]}

    @classmethod
    def read(cls, written: object) -> Duration:
        """What stands in the YAML, as it means it; ValueError says what is wrong."""
        if not isinstance(written, str):
            msg = f"{written!r} has no unit: write a duration such as 30s, 5m or 1h"
            raise ValueError(msg)
        return cls.parse(written)


# A stack spells the same few spans thousands of times.
@lru_cache(maxsize=1024)
def _spelled(milliseconds: int) -> str:
    text, rest = "", milliseconds
    for unit in ("d", "h", "m", "s", "ms"):
        count, rest = divmod(rest, _MILLISECONDS[unit])
        text += f"{count}{unit}" if count else ""
    return text or "0s"


NO_TIME: Final = Duration(0)
# Prometheus and Alertmanager count nanoseconds in 64 bits.
LONGEST: Final = Duration(292 * _MILLISECONDS["y"])


def _too_long(text: str) -> str:
    return f"'{shortened(text, SHOWN)}' is longer than 292 years, the longest that Prometheus counts"
