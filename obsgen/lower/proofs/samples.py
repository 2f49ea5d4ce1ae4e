"""Samples in promtool's notation: a series that reads one value for a while, then another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import repeat
from operator import add

_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_SAMPLES = re.compile(rf"^(?P<start>[+-]?{_NUMBER})(?P<step>[+-]{_NUMBER})?(?P<times>x\d+)?$")

_GAP = re.compile(r"^_(?P<times>x\d+)?$")


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
    # One after the other, as floats round; `sum` would make up for the roundings.
    return reduce(add, repeat(step, count - 1), level)


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


def continued(values: str, count: int) -> str:
    """The samples, and where there are fewer than `count` the last of them going on as they went, or held.

    A series that ends on purpose says so, by `stale` or by a gap.
    """
    words = [_SAMPLES.match(word) for word in values.split()]
    last = words[-1] if words else None
    held = sum(_samples_in(word) for word in values.split())
    if last is None or held >= count:
        return values
    step = float(last["step"] or 0)
    end = float(last["start"]) + step * _repeats(last)
    return f"{values} {_run(end + step, step, count - held)}"


def _samples_in(word: str) -> int:
    gap = _GAP.match(word)
    found = gap or _SAMPLES.match(word)
    # A gap of 3 is three samples; what is repeated three times comes after the first.
    return 1 if found is None else _repeats(found) + (0 if gap and gap["times"] else 1)


def _repeats(found: re.Match[str]) -> int:
    return int((found["times"] or "x0")[1:])


def scaled(values: str, factor: int) -> str:
    """The same samples multiplied; gaps, staleness and native histograms stay what they are."""
    if factor == 1 or "{" in values:
        return values
    return " ".join(_SAMPLES.sub(lambda found: _scaled(found, factor), word) for word in values.split())


def _scaled(found: re.Match[str], factor: int) -> str:
    start, step, times = found["start"], found["step"], found["times"] or ""
    grown = f"{step[0]}{decimal(float(step[1:]) * factor)}" if step else ""
    return f"{decimal(float(start) * factor)}{grown}{times}"


def _run(start: float, step: float, count: int) -> str:
    if count == 1:
        return decimal(start)
    sign = "-" if step < 0 else "+"
    return f"{decimal(start)}{sign}{decimal(abs(step))}x{count - 1}"


def decimal(value: float) -> str:
    """Plain decimals: promtool's notation has no exponents next to its `x`."""
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
