"""Durations, ratios and quantities: how people write them, what they mean, how Prometheus wants them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, total_ordering
from typing import Any, Final, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from obsgen.limits import AMOUNT
from obsgen.printable import shortened

_MILLISECONDS: Final = {
    "y": 365 * 86_400_000,
    "w": 7 * 86_400_000,
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1_000,
    "ms": 1,
}
# Prometheus' own grammar: units in descending order, each at most once, whole numbers only.
DURATION_PATTERN: Final = r"^(0|(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$"
_DURATION_PART: Final = re.compile(r"(\d+)(ms|[ywdhms])")

# No amount that is meant has more digits, and Python refuses to read thousands of them.
_DIGITS: Final = 40
_SHOWN: Final = 80

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


class _Written(ABC):
    """A value that pydantic reads from what a person wrote, and writes as its text."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def read(cls, written: object) -> Any:
        """What stands in the YAML, as it means it."""

    @classmethod
    @abstractmethod
    def json_form(cls) -> dict[str, Any]:
        """What editors accept."""

    @classmethod
    def _validated(cls, written: object) -> Any:
        return written if isinstance(written, cls) else cls.read(written)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validated, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return cls.json_form()


@total_ordering
@dataclass(frozen=True, slots=True)
class Duration(_Written):
    """A span of time, kept in whole milliseconds as Prometheus keeps it."""

    milliseconds: int

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read `5m`, `1h30m` or `0`; ValueError says what a duration looks like."""
        if not text or not re.fullmatch(DURATION_PATTERN, text, re.ASCII):
            written = shortened(text, _SHOWN)
            msg = f"'{written}' is not a duration: write whole numbers with units, such as 30s, 5m, 1h30m or 7d"
            raise ValueError(msg)
        parts = _DURATION_PART.findall(text)
        if any(len(count) > _DIGITS for count, _ in parts):
            raise ValueError(_too_long(text))
        span = cls(sum(int(count) * _MILLISECONDS[unit] for count, unit in parts))
        if span > LONGEST:
            raise ValueError(_too_long(text))
        return span

    @classmethod
    def of_seconds(cls, seconds: float) -> Duration:
        """The duration nearest to this many seconds."""
        return cls(round(seconds * 1000))

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.milliseconds / 1000

    def __str__(self) -> str:
        """Prometheus' spelling, largest units first, but never years or weeks, which few can read at a glance."""
        return _spelled(self.milliseconds)

    def __lt__(self, other: Duration) -> bool:
        return self.milliseconds < other.milliseconds

    def __add__(self, other: Duration) -> Duration:
        return Duration(self.milliseconds + other.milliseconds)

    def __mul__(self, factor: int) -> Duration:
        return Duration(self.milliseconds * factor)

    @classmethod
    def json_form(cls) -> dict[str, Any]:
        """What editors accept."""
        return {"type": "string", "pattern": DURATION_PATTERN, "examples": ["30s", "5m", "1h30m"]}

    @classmethod
    def read(cls, written: object) -> Duration:
        """What stands in the YAML, as it means it; ValueError says what is wrong."""
        if not isinstance(written, str):
            msg = f"{written!r} has no unit: write a duration such as 30s, 5m or 1h"
            raise ValueError(msg)
        return cls.parse(written)


# A stack spells the same few spans thousands of times.
@lru_cache(maxsize=1024)
def _spelled(milliseconds: int) -> str:
    text, rest = "", milliseconds
    for unit in ("d", "h", "m", "s", "ms"):
        count, rest = divmod(rest, _MILLISECONDS[unit])
        text += f"{count}{unit}" if count else ""
    return text or "0s"


NO_TIME: Final = Duration(0)
# Prometheus and Alertmanager count nanoseconds in 64 bits.
LONGEST: Final = Duration(292 * _MILLISECONDS["y"])


def _too_long(text: str) -> str:
    return f"'{shortened(text, _SHOWN)}' is longer than 292 years, the longest that Prometheus counts"


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
class Amount(_Written):
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
        if len(text) > _DIGITS:
            msg = f"'{shortened(text, _SHOWN)}' is too long for an amount: {_DIGITS} characters are the most"
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


@dataclass(frozen=True, slots=True)
class Version(_Written):
    """A `major.minor` version of a target, compared by number: 2.9 comes before 2.42."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `2.42` or `v3.5.1`; ValueError otherwise."""
        found = re.match(r"^v?(\d+)\.(\d+)(\.\d+)?", text)
        if not found:
            msg = f"'{text}' is not a version: write it in quotes as major.minor, such as \"2.53\""
            raise ValueError(msg)
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    def __ge__(self, other: Version) -> bool:
        return (self.major, self.minor) >= (other.major, other.minor)

    def __lt__(self, other: Version) -> bool:
        return not self >= other

    @classmethod
    def json_form(cls) -> dict[str, Any]:
        """What editors accept."""
        return {"type": "string", "pattern": r"^v?\d+\.\d+(\.\d+)?", "examples": ["2.42", "3.5"]}

    @classmethod
    def read(cls, written: object) -> Version:
        """What stands in the YAML, as it means it; ValueError says what is wrong."""
        if not isinstance(written, str):
            msg = f'{written!r} is a number here, and 2.50 would read as 2.5: put the version in quotes, such as "2.53"'
            raise ValueError(msg)
        return cls.parse(written)
