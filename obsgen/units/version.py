"""Versions of the systems that obsgen writes for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from obsgen.units.written import Written


@dataclass(frozen=True, slots=True)
class Version(Written):
    """A `major.minor` version of a target, compared by number: 2.9 comes before 2.42."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `2.42` or `v3.5.1`; ValueError otherwise."""
        found = re.match(r"^v?(\d{1,4})\.(\d{1,4})(\.\d+)?(?!\d)", text, re.ASCII)
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
