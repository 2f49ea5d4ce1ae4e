"""Ratios, quantities and plain numbers, and the threshold that is any of them or a duration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from obsgen.limits import AMOUNT
from obsgen.printable import shortened
from obsgen.units.duration import DURATION_PATTERN, Duration
from obsgen.units.written import DIGITS, SHOWN, Written

RATIO_PATTERN: Final = r"^\d+(\.\d+)?%?$"
# Kubernetes' resource quantities: binary and decimal suffixes, and `m` for a thousandth.
_SUFFIXES: Final = {
    "": 1.0,
    "m": 1e-3,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
    "Pi": 2.0**50,
}
QUANTITY_PATTERN: Final = r"^\d+(\.\d+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$"

Kind = Literal["ratio", "duration", "quantity", "number"]


def parse_ratio(text: str) -> float:
    """`10%` and `0.1` both read 0.1; ValueError otherwise."""
    if not re.fullmatch(RATIO_PATTERN, text, re.ASCII):
        msg = f"'{text}' is not a ratio: write a share such as 10% or 0.1"
        raise ValueError(msg)
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def exact_ratio(text: str) -> Fraction:
    """The same without the rounding of floats, for what is subtracted from 1: `99.9%` reads 999/1000."""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def parse_quantity(text: str) -> float:
    """`8Gi`, `500m` and `2` as Kubernetes reads them, in the base unit; ValueError otherwise."""
    if not re.fullmatch(QUANTITY_PATTERN, text, re.ASCII):
        msg = f"'{text}' is not a quantity: write a number with an optional suffix m, k, M, G, T, Ki, Mi, Gi or Ti"
        raise ValueError(msg)
    number = text.rstrip("mkMGTPi")
    return float(number) * _SUFFIXES[text[len(number) :]]


def number_text(value: float) -> str:
    """The shortest text that PromQL and YAML read back as the same number."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value)


@dataclass(frozen=True, slots=True)
class Amount(Written):
    """A threshold's value: as written, and as the number that PromQL compares with.

    Durations count in seconds, ratios from 0 to 1, quantities in their base unit.
    """

    text: str
    value: float
    kind: Kind

    @classmethod
    def parse(cls, written: str | float, kind: Kind | None = None) -> Amount:
        """Read what stands in the spec; without a kind the way it is written decides.

        `5m` alone is a duration: a quantity of 5 thousandths is only read where the kind says so.
        """
        text = number_text(written) if isinstance(written, int | float) else written
        if len(text) > DIGITS:
            msg = f"'{shortened(text, SHOWN)}' is too long for an amount: {DIGITS} characters are the most"
            raise ValueError(msg)
        kind = kind or _kind_of(text)
        match kind:
            case "ratio":
                value = parse_ratio(text)
            case "duration":
                value = Duration.parse(text).seconds
            case "quantity":
                value = parse_quantity(text)
            case "number":
                value = _parse_number(text)
        if not abs(value) <= AMOUNT:
            msg = f"'{text}' is beyond {AMOUNT:g}, the largest amount that is compared with"
            raise ValueError(msg)
        return cls(text, value, kind)

    def __str__(self) -> str:
        return number_text(self.value)

    @classmethod
    def json_form(cls) -> dict[str, Any]:
        """What editors accept."""
        return {"type": ["string", "number"], "examples": ["10%", 0.1, "5m", "8Gi", 100]}

    @classmethod
    def read(cls, written: object) -> Amount:
        """What stands in the YAML, as it means it; ValueError says what is wrong."""
        if isinstance(written, bool) or not isinstance(written, str | int | float):
            msg = f"{written!r} is not an amount: write a number, a ratio (10%), a duration (5m) or a quantity (8Gi)"
            raise ValueError(msg)
        return cls.parse(written)


def _kind_of(text: str) -> Kind:
    if text.endswith("%"):
        return "ratio"
    if re.match(r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$", text):
        return "number"
    if re.fullmatch(DURATION_PATTERN, text, re.ASCII):
        return "duration"
    if re.fullmatch(QUANTITY_PATTERN, text, re.ASCII):
        return "quantity"
    msg = f"'{text}' is not an amount: write a number, a ratio (10%), a duration (5m) or a quantity (8Gi)"
    raise ValueError(msg)


def _parse_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        msg = f"'{text}' is not a number"
        raise ValueError(msg) from None
