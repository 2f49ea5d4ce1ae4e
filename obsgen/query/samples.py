"""What queries answer: samples or series with their labels, and what the backend said about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

# What is measured lies inside, also 2^64 bytes, which stand for no limit at all. Between these, products and
# shares of a few amounts stay finite.
_LARGEST: Final = 1e20
_SMALLEST: Final = 1e-15
# Ten digits of seconds reach into the year 2286. More are milliseconds, or nonsense.
_LAST_MOMENT: Final = 1e10


def amount(value: float) -> float | None:
    """The value where it can be reckoned with; None of NaN, infinities and what is too large to be measured."""
    if not abs(value) <= _LARGEST:
        return None
    return value if abs(value) >= _SMALLEST else 0.0


def moment(value: float) -> float | None:
    """The value where it is a time, in seconds since 1970; None otherwise."""
    return value if 0 <= value <= _LAST_MOMENT else None


@dataclass(frozen=True, slots=True)
class Sample:
    """One series of an answer; `value` may be NaN or infinite, as the server sent it."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Vector:
    """An answer: its samples, and the backend's warnings; `partial` where some of its data may be missing."""

    samples: tuple[Sample, ...] = ()
    warnings: tuple[str, ...] = ()
    partial: bool = False

    def __iter__(self) -> Iterator[Sample]:
        return iter(self.samples)

    def __len__(self) -> int:
        return len(self.samples)


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a range query's answer: times in seconds since 1970 with values; steps without one are absent."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A range query's answer: its series, and the backend's warnings; `partial` where data may be missing."""

    series: tuple[Series, ...] = ()
    warnings: tuple[str, ...] = ()
    partial: bool = False

    def __iter__(self) -> Iterator[Series]:
        return iter(self.series)

    def __len__(self) -> int:
        return len(self.series)
