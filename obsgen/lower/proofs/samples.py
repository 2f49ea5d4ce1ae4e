"""Samples in promtool's notation: a series that reads one value for a while, then another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phase:
    """`samples` samples in a row that make the series read `value` (per second, for counters)."""

    value: float
    samples: int


def gauge(phases: Sequence[Phase]) -> str:
    """Each phase's value, held."""
    return " ".join(_run(phase.value, 0.0, phase.samples) for phase in phases if phase.samples)


def counter(phases: Sequence[Phase], step: float, jump: float = 0.0, start: float = 0.0) -> str:
    """A counter that grows by each phase's rate, sampled every `step` seconds.

    It starts from `start` and rises by `jump` at once, so that a rate over a long window can be read without
    waiting until the window has filled.
    """
    parts, level, fresh = [], 0.0, True
    for phase in phases:
        grown = phase.value * step
        count = phase.samples
        if fresh and count:
            parts.append(decimal(start))
            level, count, fresh = start + jump, count - 1, False
        if count:
            parts.append(_run(level + grown, grown, count))
            level = _reached(level + grown, grown, count)
    return " ".join(parts)


def _reached(start: float, step: float, count: int) -> float:
    """The last sample of a run as promtool adds it up: a next one that is lower by a rounding would be a restart."""
    level, step = float(decimal(start)), float(decimal(step))
    for _ in range(count - 1):
        level += step
    return level


def age(phases: Sequence[Phase], step: float) -> str:
    """A timestamp that stays each phase's number of seconds behind the clock, which starts at 0."""
    parts, clock = [], 0.0
    for phase in phases:
        if phase.samples:
            parts.append(_run(clock - phase.value, step, phase.samples))
            clock += step * phase.samples
    return " ".join(parts)


def ending(values: str) -> str:
    """The same samples, after which the series is marked stale."""
    return f"{values} stale"


def _run(start: float, step: float, count: int) -> str:
    if count == 1:
        return decimal(start)
    sign = "-" if step < 0 else "+"
    return f"{decimal(start)}{sign}{decimal(abs(step))}x{count - 1}"


def decimal(value: float) -> str:
    """Plain decimals: promtool's notation has no exponents next to its `x`."""
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
