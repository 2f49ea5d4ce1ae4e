"""What signals read where all is well, and which of them are not."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from obsgen.model.stack import Component, Signal, Stack

_UNEASY: Final = 0.5
_PAST: Final = 1.2
_LONGEST_PENDING: Final = 1200


def ill(stack: Stack) -> Iterator[tuple[tuple[str, str], float]]:
    """Component and signal to a value past the threshold of its alert, for the first that will do in each component."""
    for component in stack.components:
        for alert in component.alerts:
            if len(alert.conditions) != 1 or alert.severity == "critical":
                continue
            (condition,) = alert.conditions
            signal = component.signals[condition.signal]
            value = condition.threshold * _PAST
            fits = signal.maximum is None or value <= signal.maximum
            if condition.comparison == ">" and value > 0 and fits and alert.pending.seconds <= _LONGEST_PENDING:
                yield (component.name, signal.name), value
                break


def level(signal: Signal, component: Component) -> float:
    """What the signal reads where all is well: what the pack says, or half-way to the nearest threshold."""
    if signal.healthy is not None:
        return signal.healthy
    for alert in component.alerts:
        for condition in alert.conditions:
            if condition.signal == signal.name:
                return _short_of(condition.threshold, condition.comparison, signal)
    return signal.maximum if signal.maximum is not None else 1.0


def _short_of(threshold: float, comparison: str, signal: Signal) -> float:
    if comparison in (">", ">="):
        value = threshold * _UNEASY if threshold else 0.0
    elif comparison in ("<", "<="):
        value = threshold / _UNEASY if threshold else 1.0
        value = min(value, signal.maximum) if signal.maximum is not None else value
    else:
        value = threshold + 1 if comparison == "==" else threshold
    return math.floor(value) if signal.integer and comparison in (">", ">=") else value
