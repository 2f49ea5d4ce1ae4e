"""The form of working hours: a time zone, days of the week, times of the day, and holidays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from obsgen.spec.written import Written

WEEKDAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|(24):(00)")
_DAY: Final = 24 * 60


class _Text:
    """A small form of its own inside a text; the schema shows it as text."""

    pattern: str

    @classmethod
    def parse(cls, text: str) -> Self:
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        del source, handler
        return core_schema.no_info_after_validator_function(cls.parse, core_schema.str_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        del schema, handler
        return {"type": "string", "pattern": cls.pattern}


@dataclass(frozen=True, slots=True)
class Days(_Text):
    """`monday` or `monday:friday`; 0 is Sunday, and the last day belongs to the range."""

    first: int
    last: int
    pattern = f"^({'|'.join(WEEKDAYS)})(:({'|'.join(WEEKDAYS)}))?$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The range; ValueError where it is none."""
        ends = text.lower().split(":")
        if len(ends) > 2 or not all(end in WEEKDAYS for end in ends):
            msg = f"'{text}' is neither a day nor a range of days: write monday or monday:friday"
            raise ValueError(msg)
        return cls(WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1]))

    def each(self) -> tuple[int, ...]:
        """The days, also where the range runs over Sunday."""
        return tuple((self.first + step) % 7 for step in range((self.last - self.first) % 7 + 1))


@dataclass(frozen=True, slots=True)
class Times(_Text):
    """`09:00-17:30`: minutes since midnight, the end left out."""

    start: int
    end: int
    pattern = r"^\d\d:\d\d-\d\d:\d\d$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The times; ValueError where they are none, or end before they start."""
        ends = [_minute(end) for end in text.split("-")]
        if len(ends) != 2 or None in ends:
            msg = f"'{text}' is no time of day: write 09:00-17:30"
            raise ValueError(msg)
        start, end = (int(end or 0) for end in ends)
        if start >= end:
            msg = f"'{text}' ends before it starts; what runs over midnight is two: 22:00-24:00 and 00:00-06:00"
            raise ValueError(msg)
        return cls(start, end)


@dataclass(frozen=True, slots=True)
class Holidays(_Text):
    """`2026-12-25` or `2026-12-24:2027-01-02`; the last day belongs to the range."""

    first: date
    last: date
    pattern = r"^\d{4}-\d\d-\d\d(:\d{4}-\d\d-\d\d)?$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The days; ValueError where they are none, or run backwards."""
        ends = text.split(":")
        try:
            first, last = date.fromisoformat(ends[0]), date.fromisoformat(ends[-1])
        except ValueError:
            first = last = date.min
        if len(ends) > 2 or first == date.min or not re.fullmatch(cls.pattern, text):
            msg = f"'{text}' is no date: write 2026-12-25, or 2026-12-24:2027-01-02 for several days"
            raise ValueError(msg)
        if last < first:
            msg = f"'{text}' ends before it starts"
            raise ValueError(msg)
        return cls(first, last)


def _minute(text: str) -> int | None:
    found = _CLOCK.fullmatch(text.strip())
    return int(found[1] or found[3]) * 60 + int(found[2] or found[4]) if found else None


@cache
def _zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _known_zone(name: str) -> str:
    if not _zone(name):
        msg = f"'{name}' is not a time zone: write one of the IANA database, such as Europe/Berlin or Asia/Shanghai"
        raise ValueError(msg)
    return name


class HoursSpec(Written):
    """When a team works."""

    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    days: list[Days] = Field(default_factory=lambda: [Days.parse("monday:friday")], min_length=1)
    times: list[Times] = Field(default_factory=lambda: [Times.parse("09:00-17:00")], min_length=1)
    holidays: list[Holidays] = Field(default_factory=list)

    @model_validator(mode="after")
    def _something_is_off(self) -> HoursSpec:
        days = {day for one in self.days for day in one.each()}
        minutes = {minute for one in self.times for minute in range(one.start, one.end)}
        if len(days) == 7 and len(minutes) == _DAY and not self.holidays:
            msg = "these hours leave nothing out: what is notified at all hours needs none"
            raise ValueError(msg)
        return self
