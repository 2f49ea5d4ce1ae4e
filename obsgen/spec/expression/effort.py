"""What the templates of a stack cost together, counted before it is spent: small steps may be many, or in a loop."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final

from obsgen.limits import STACK_EFFORT
from obsgen.spec.expression.fault import TemplateFault

# In units of 50 ns, measured: a step by itself, an entry of a list, and sixteen characters of a text.
_STEP: Final = 20
_ENTRY: Final = 8
_CHARACTERS: Final = 16

_left: ContextVar[int] = ContextVar("left", default=STACK_EFFORT)


def begin_effort() -> None:
    """From here on, the templates of another stack are rendered."""
    _left.set(STACK_EFFORT)


def spend_on(*values: Any) -> None:
    """Count a step that goes through these values; TemplateFault where the stack has used up what it may."""
    spend(_STEP + sum(map(_cost, values)))


def spend(units: int) -> None:
    """Count so much; TemplateFault where nothing is left."""
    left = _left.get() - units
    _left.set(left)
    if left < 0:
        msg = "the templates take too long together"
        raise TemplateFault(msg)


def _cost(value: Any) -> int:
    if isinstance(value, str):
        return len(value) // _CHARACTERS
    return len(value) * _ENTRY if isinstance(value, list | Mapping) else 0
