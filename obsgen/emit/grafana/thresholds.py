"""From the thresholds of alerts to the coloured steps of a panel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from obsgen.ir.views import ThresholdLine
from obsgen.spec.layers import SEVERITIES, Severity

COLORS: dict[Severity, str] = {"critical": "red", "warning": "orange", "info": "blue", "none": "text"}

# Grafana draws a line in the colour above it, but below a transparent step in the colour under it: only
# with `transparent` for the good range does a lower limit get its own colour.
CLEAR = "transparent"
WELL = "green"


@dataclass(frozen=True, slots=True)
class Step:
    """A colour from `value` upwards; the base step, which has no value, reaches down to minus infinity."""

    color: str
    value: float | None = None

    def to_json_data(self) -> dict[str, Any]:
        """The step as Grafana stores it, with null for minus infinity."""
        return {"color": self.color, "value": self.value}


def line_steps(lines: Sequence[ThresholdLine]) -> list[Step]:
    """Steps that draw each threshold as a line in its severity's colour, at exactly the alert's number."""
    return _steps(lines, CLEAR)


def state_steps(lines: Sequence[ThresholdLine]) -> list[Step]:
    """Steps that colour a value by the worst alert it passes, and green where it passes none.

    A threshold that counts only together with others says nothing of a value alone.
    """
    alone = [_bounded(line) for line in lines if not line.joint]
    return _steps(alone, WELL) if alone or not lines else [Step("text")]


def _steps(lines: Sequence[ThresholdLine], good: str) -> list[Step]:
    bounds = sorted({line.value for line in lines})
    base = Step(_color(lines, -math.inf, good))
    return [base, *(Step(_color(lines, start, good), start) for start in bounds)]


def _color(lines: Sequence[ThresholdLine], start: float, good: str) -> str:
    """The colour of the values from `start` up to the next bound: that of the worst line they pass."""
    passed = {line.severity for line in lines if (start >= line.value) == line.above}
    return COLORS[min(passed, key=SEVERITIES.index)] if passed else good


def _bounded(line: ThresholdLine) -> ThresholdLine:
    # A step includes its value, an alert's `>` does not: at "errors > 0" the count 0 has to stay green, and at
    # "up == 0" a 0 has to be red. Only whole numbers are values that a signal rests on; others stay as readable as
    # they were written.
    if line.above != line.inclusive and float(line.value).is_integer():
        return replace(line, value=math.nextafter(line.value, math.inf))
    return line
