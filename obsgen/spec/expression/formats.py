"""Numbers with a given count of digits: `'%.3f' % x`."""

from __future__ import annotations

import re

from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.values import Value, bounded_text

# Two digits of width or precision at the most: '%999999999d' would be a gigabyte.
_PLACE = re.compile(r"%[-+ 0]?\d{0,2}(?:\.\d{1,2})?[defg]")


def formatted(pattern: Value, value: Value) -> str:
    """The pattern with the number in its one place; TemplateFault where that is not what is written."""
    if not isinstance(pattern, str) or not isinstance(value, int | float):
        msg = "a format such as '%.3f' takes a number"
        raise TemplateFault(msg)
    places = _PLACE.findall(pattern.replace("%%", ""))
    if len(places) != 1 or pattern.replace("%%", "").count("%") != 1:
        msg = "a format has one place for a number, such as '%.3f' or '%d'"
        raise TemplateFault(msg)
    try:
        return bounded_text((pattern % value,))
    except (ValueError, ArithmeticError):
        msg = f"the format '{places[0]}' does not take this number"
        raise TemplateFault(msg) from None
