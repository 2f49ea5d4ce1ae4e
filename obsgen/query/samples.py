"""What an instant query answers: samples with their labels, and what the backend said about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One series of an answer; `value` may be NaN or infinite, as the server sent it."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Vector:
    """An answer: its samples, and the backend's warnings, one of which names a partial answer."""

    samples: tuple[Sample, ...] = ()
    warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Sample]:
        return iter(self.samples)

    def __len__(self) -> int:
        return len(self.samples)
