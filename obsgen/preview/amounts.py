"""Values as Grafana's units write them, and how an axis is scaled."""

from __future__ import annotations

import math
from typing import Final

_BINARY: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_DECIMAL: Final = ("", " K", " Mil", " Bil", " Tri")
_PER_SECOND: Final = {"ops": "ops/s", "reqps": "req/s", "iops": "io/s", "pps": "p/s", "cps": "c/s", "wps": "wr/s"}
_BOOLS: Final = {"bool_yes_no": ("No", "Yes"), "bool_on_off": ("Off", "On"), "bool": ("False", "True")}
_SECONDS: Final = ((86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def amount(value: float, unit: str) -> str:
    """One value with its unit, three digits or so."""
    if unit in _BOOLS:
        return _BOOLS[unit][bool(value)]
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{'-' if value < 0 else ''}∞"
    factor, suffix = scale(abs(value), unit)
    if not math.isfinite(value * factor):
        return f"{value:.3g}"
    return f"{digits(value * factor)}{'' if suffix == '%' else ' ' if suffix[:1].isalpha() else ''}{suffix}"


def scale(largest: float, unit: str) -> tuple[float, str]:
    """By what values up to `largest` are multiplied, and what then stands behind them."""
    match unit:
        case "percentunit":
            return 100.0, "%"
        case "percent":
            return 1.0, "%"
        case "bytes" | "Bps" | "binBps":
            return _stepped(largest, 1024.0, _BINARY, "" if unit == "bytes" else "/s")
        case "s" | "dtdurations":
            return next(((1 / size, name) for size, name in _SECONDS if largest >= size), (1.0, "s"))
    factor, suffix = _stepped(largest, 1000.0, _DECIMAL, "")
    rate = _PER_SECOND.get(unit, "")
    return factor, f"{suffix} {rate}" if rate else suffix


def digits(value: float) -> str:
    """Three significant digits, without an exponent where people read none."""
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if not -4 <= size < 9:
        return f"{value:.3g}"
    text = f"{value:.{max(2 - size, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _stepped(largest: float, base: float, names: tuple[str, ...], suffix: str) -> tuple[float, str]:
    step = min(int(math.log(largest, base)), len(names) - 1) if largest >= base else 0
    return base**-step, names[step] + suffix
