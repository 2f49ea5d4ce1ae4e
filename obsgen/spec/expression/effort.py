"""What one template costs, counted before it is spent: small steps may be many, or in a loop."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final

from obsgen.spec.expression.fault import TemplateFault

# In units of 50 ns, measured: a step by itself, an entry of a list, and sixteen characters of a text.
_STEP: Final = 20
_ENTRY: Final = 8
_CHARACTERS: Final = 16

# Holds for one template alone: whoever begins the next one sets it anew.
_left: ContextVar[int] = ContextVar("left", default=0)


def begin_effort(allowed: int) -> None:
    """From here on, another template is rendered, which may cost so much."""
    _left.set(allowed)


def effort_left() -> int:
    """What the template that was rendered last has left of it."""
    return _left.get()


def spend_on(*values: Any) -> None:
    """Count a step that goes through these values; TemplateFault where the template has used up what it may."""
    spend(_STEP + sum(map(_cost, values)))


def spend(units: int) -> None:
    """Count so much; TemplateFault where nothing is left."""
    left = _left.get() - units
    _left.set(left)
    if left < 0:
        msg = "a template takes too long"
        raise TemplateFault(msg)


def _cost(value: Any) -> int:
    if isinstance(value, str):
        return len(value) // _CHARACTERS
    return len(value) * _ENTRY if isinstance(value, list | Mapping) else 0
