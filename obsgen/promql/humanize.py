"""Numbers as Go prints them and as Prometheus' template functions shorten them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import dropwhile
from typing import Final

_DECIMAL_UP: Final = ("k", "M", "G", "T", "P", "E", "Z", "Y")
_DECIMAL_DOWN: Final = ("m", "u", "n", "p", "f", "a", "z", "y")
_BINARY_UP: Final = ("ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi")
# Go's 'g' without a precision decides as if the precision were six: 1000000 prints as 1e+06.
# https://pkg.go.dev/strconv#FormatFloat; judged by promtool in the tests.
_EXPONENT_FROM: Final = 6
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def go_float(value: float) -> str:
    """Go's `%v`: the shortest digits that read back, with an exponent below 0.0001 and from 1000000 on."""
    if not math.isfinite(value):
        return go_infinite(value)
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    power = len(text) + int(exponent) - 1
    if -4 <= power < _EXPONENT_FROM:
        return format(Decimal(repr(value)).normalize(), "f")
    tail = f".{text[1:]}" if len(text) > 1 else ""
    return f"{'-' if sign else ''}{text[0]}{tail}e{'-' if power < 0 else '+'}{abs(power):02d}"


def go_infinite(value: float) -> str:
    """`NaN`, `+Inf` or `-Inf`."""
    return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"


def humanize(value: float) -> str:
    """Four digits and a metric prefix: 1234567 is `1.235M`."""
    if value == 0 or not math.isfinite(value) or abs(value) >= 1:
        return "".join(_raised(value, 1000, _DECIMAL_UP))
    return "".join(_lowered(value))


def humanize1024(value: float) -> str:
    """Four digits and a binary prefix: 1536 is `1.5ki`."""
    return "".join(_raised(value, 1024, _BINARY_UP))


def humanize_duration(value: float) -> str:
    """Seconds as days, hours, minutes and seconds: 3661 is `1h 1m 1s`; ValueError from 2^63 on."""
    if not math.isfinite(value):
        return _four(value)
    if abs(value) >= 2**63:
        msg = f"{go_float(value)} is more seconds than 64 bits hold"
        raise ValueError(msg)
    if abs(value) < 60:
        return "".join(_lowered(value) if 0 < abs(value) < 1 else (_four(value),)) + "s"
    whole = int(abs(value))
    parts = {"d": whole // 86_400, "h": whole // 3600 % 24, "m": whole // 60 % 60, "s": whole % 60}
    shown = dropwhile(lambda part: part[1] == 0, parts.items())
    return ("-" if value < 0 else "") + " ".join(f"{count}{unit}" for unit, count in shown)


def humanize_percentage(value: float) -> str:
    """A ratio from 0 to 1 as a percentage: 0.1234 is `12.34%`."""
    return f"{_four(value * 100)}%"


def humanize_timestamp(value: float) -> str:
    """Seconds since 1970 as a date in UTC; ValueError outside the years that 64 bits of nanoseconds hold."""
    if not math.isfinite(value):
        return _four(value)
    if abs(value) >= 2**63 / 1e9:
        msg = f"{go_float(value)} is too far from 1970"
        raise ValueError(msg)
    moment = _EPOCH + timedelta(milliseconds=math.floor(value * 1e9 / 1e6))
    fraction = f".{moment.microsecond // 1000:03d}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} +0000 UTC"


def _raised(value: float, step: int, prefixes: tuple[str, ...]) -> tuple[str, str]:
    prefix = ""
    for larger in prefixes:
        if not math.isfinite(value) or abs(value) < step:
            break
        prefix, value = larger, value / step
    return _four(value), prefix


def _lowered(value: float) -> tuple[str, str]:
    prefix = ""
    for smaller in _DECIMAL_DOWN:
        if abs(value) >= 1:
            break
        prefix, value = smaller, value * 1000
    return _four(value), prefix


def _four(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else go_infinite(value)
