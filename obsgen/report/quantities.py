"""Figures as people read them: cores, bytes in binary units, shares, moments."""

from __future__ import annotations

from datetime import UTC, datetime

UNKNOWN = "-"
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_THOUSANDS = ("", "k", "M", "G", "T")


def amount_text(value: float | None, unit: str) -> str:
    """An amount of cores, bytes, pods or devices, three digits or so; a hyphen for the unknown."""
    if value is None:
        return UNKNOWN
    if unit == "bytes":
        return _bytes_text(value)
    # Devices are asked for whole, but may be at work half the time.
    shared = unit == "cores" or (unit == "devices" and not value.is_integer())
    return f"{value:.2f}" if shared else f"{value:.0f}"


def count_text(value: float | None) -> str:
    """A number of events: whole up to 9,999, then in thousands, millions and so on; a hyphen for the unknown."""
    if value is None:
        return UNKNOWN
    step = 0
    while abs(round(value)) >= 10_000 and step < len(_THOUSANDS) - 1:
        value, step = value / 1000, step + 1
    # Rounded first: what is a little below 0 would read -0.
    return f"{round(value):,}{_THOUSANDS[step]}"


def share_text(ratio: float | None) -> str:
    """A ratio in percent; a hyphen for the unknown."""
    return UNKNOWN if ratio is None else f"{ratio:.1%}"


def moment_text(seconds: float) -> str:
    """Seconds since 1970 as RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def minute_text(seconds: float) -> str:
    """Seconds since 1970 in UTC, to the nearest minute, for a column that says UTC in its heading."""
    return datetime.fromtimestamp(round(seconds / 60) * 60, UTC).strftime("%Y-%m-%d %H:%M")


def _bytes_text(value: float) -> str:
    step = 0
    while abs(value) >= 1024 and step < len(_BINARY) - 1:
        value, step = value / 1024, step + 1
    return f"{value:.0f} {_BINARY[step]}" if step == 0 else f"{value:.1f} {_BINARY[step]}"
