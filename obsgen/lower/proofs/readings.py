"""Which values a signal is made to read: just past a threshold, just short of it, far past, and healthy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from obsgen.model.stack import Condition, Signal

# One per cent past or short: close enough that halving or doubling a threshold shows, and far
# enough that the arithmetic of rates cannot cross it.
MARGIN = 0.01
FAR = 10

_HOLDS: dict[str, Callable[[float, float], bool]] = {
    ">": lambda value, threshold: value > threshold,
    ">=": lambda value, threshold: value >= threshold,
    "<": lambda value, threshold: value < threshold,
    "<=": lambda value, threshold: value <= threshold,
    "==": lambda value, threshold: value == threshold,
    "!=": lambda value, threshold: value != threshold,
}


class Unreachable(Exception):  # noqa: N818 - becomes a diagnostic, once someone knows the place
    """No value that the signal can take is past the threshold: the alert could never fire."""


@dataclass(frozen=True, slots=True)
class Readings:
    """The values of one condition's signal in the tests of an alert."""

    past: float
    short: float
    far: float
    healthy: float


def holds(condition: Condition, value: float) -> bool:
    """Whether the comparison is true of this value."""
    return _HOLDS[condition.comparison](value, condition.threshold)


def readings(condition: Condition, signal: Signal) -> Readings:
    """The four values; `Unreachable` where the signal's bounds leave no room past the threshold."""
    step = 1.0 if signal.integer else _margin(condition, signal)
    upward = condition.comparison in (">", ">=", "==", "!=")
    direction = 1 if upward else -1
    past = _bounded(_past(condition, signal, step * direction), signal)
    if not holds(condition, past):
        raise Unreachable(_bounds_message(condition, signal))
    far = _bounded(_far(condition, past, upward=upward), signal)
    healthy = signal.healthy
    short = _short(condition, signal, step * direction)
    if healthy is None or holds(condition, healthy):
        healthy = _resting(condition, short, signal, upward=upward)
    return Readings(past, short, far if holds(condition, far) else past, healthy)


def _margin(condition: Condition, signal: Signal) -> float:
    scale = abs(condition.threshold) or signal.maximum or 1.0
    return MARGIN * scale


def _past(condition: Condition, signal: Signal, step: float) -> float:
    at_threshold = condition.comparison in (">=", "<=", "==") and signal.integer
    return condition.threshold if at_threshold or condition.comparison == "==" else condition.threshold + step


def _short(condition: Condition, signal: Signal, step: float) -> float:
    if condition.comparison in ("==", "!="):
        other = condition.threshold if condition.comparison == "!=" else _bounded(condition.threshold + step, signal)
        return other if not holds(condition, other) else condition.threshold - step
    at_threshold = condition.comparison in (">", "<") and signal.integer
    short = _bounded(condition.threshold if at_threshold else condition.threshold - step, signal)
    return condition.threshold - step if holds(condition, short) else short


def _far(condition: Condition, past: float, *, upward: bool) -> float:
    if condition.comparison in ("==", "!="):
        return past
    if condition.threshold > 0:
        return max(past, condition.threshold * FAR) if upward else min(past, condition.threshold / FAR)
    return past + FAR * (past - condition.threshold)


def _resting(condition: Condition, short: float, signal: Signal, *, upward: bool) -> float:
    """Well on the silent side: half or double the threshold where that stays in bounds."""
    if condition.comparison in ("==", "!=") or condition.threshold <= 0:
        return short
    value = _bounded(condition.threshold * (0.5 if upward else 2), signal)
    return short if signal.integer or holds(condition, value) else value


def _bounded(value: float, signal: Signal) -> float:
    if signal.minimum is not None:
        value = max(value, signal.minimum)
    highest = ceiling(signal)
    return value if highest is None else min(value, highest)


def ceiling(signal: Signal) -> float | None:
    """The largest value that the signal can read: its own maximum, or the last bucket where it is a quantile."""
    histograms = [feed.histogram for feed in signal.feed if feed.histogram]
    bounds = [max(one.buckets) for one in histograms if one.value.strip() == "${v}"]
    return min([*bounds, *([] if signal.maximum is None else [signal.maximum])], default=None)


def _bounds_message(condition: Condition, signal: Signal) -> str:
    low = "" if signal.minimum is None else f"at least {signal.minimum:g}"
    highest = ceiling(signal)
    high = "" if highest is None else f"at most {highest:g}"
    bounds = " and ".join(filter(None, (low, high)))
    return f"signal '{signal.name}' reads {bounds}, so it is never {condition.comparison} {condition.threshold:g}"
