"""What signals read where all is well, and what those read that are not."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from obsgen.model.stack import Component, Signal, Stack

_UNEASY: Final = 0.5
_PAST: Final = 1.2
_JUST: Final = 1.05
_LONGEST_PENDING: Final = 1200


@dataclass(frozen=True, slots=True)
class Illness:
    """What signals read that are not well, by component and signal, and from which moment on."""

    values: Mapping[tuple[str, str], float] = field(default_factory=dict)
    since: float = 0.0


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


def firing(stack: Stack, alerts: Collection[str]) -> Iterator[tuple[tuple[str, str], float]]:
    """Component and signal to a value past the threshold, for every condition of the alerts of these names."""
    for component in stack.components:
        for alert in component.alerts:
            for condition in alert.conditions if alert.name in alerts else ():
                signal = component.signals[condition.signal]
                yield (component.name, signal.name), _past(condition.threshold, condition.comparison, signal)


def _past(threshold: float, comparison: str, signal: Signal) -> float:
    """Little enough past it that what is more severe stays silent, where a whole number of steps allows."""
    if comparison in ("==", ">=", "<="):
        return threshold
    if comparison == "!=":
        return threshold + 1
    up = comparison == ">"
    if signal.integer or threshold == 0:
        value = threshold + (1 if up else -1)
    else:
        value = threshold * (_JUST if up == (threshold > 0) else 1 / _JUST)
    return value if signal.maximum is None else min(value, max(signal.maximum, threshold))


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
