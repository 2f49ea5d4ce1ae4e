"""What reading a document for its secrets gave: which values are kept back, and where they stand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from obsgen.secrecy.places import Grade

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value that is kept back: its grade, its text, and where it stands, lines and columns from 0."""

    grade: Grade
    text: str
    start: Place
    end: Place

    def on_line(self, number: int, length: int) -> tuple[int, int]:
        """The part of it on this line."""
        start = self.start[1] if number == self.start[0] else 0
        return start, self.end[1] if number == self.end[0] else length

    def spelled(self) -> Iterator[str]:
        """The text, its lines, and each as Python and JSON quote it."""
        for text in {self.text, self.text.strip(), *map(str.strip, self.text.splitlines())}:
            yield from (text, repr(text)[1:-1], json.dumps(text)[1:-1])


@dataclass(slots=True)
class Found:
    """What reading a document gave."""

    graded: list[Scalar] = field(default_factory=list)
    public: set[str] = field(default_factory=set)
    end: Place | None = None
    """Where the reader gave up, and what grade the values had there."""
    end_grade: Grade = Grade.PUBLIC
    line_grade: Grade = Grade.PUBLIC
    """What was read last on that line was graded so, and may go on."""

    @property
    def certain(self) -> set[str]:
        """The texts that are secrets by their names."""
        return {word for scalar in self.graded if scalar.grade is Grade.SECRET for word in scalar.spelled()}

    def unread(self, number: int) -> bool:
        """Whether the line, or a part of it, was not reached."""
        return self.end is not None and number >= self.end[0]

    def broken_at(self, number: int) -> tuple[int, Grade]:
        """From which column on the line was not read, and in which grade."""
        assert self.end is not None
        return (self.end[1], max(self.line_grade, self.end_grade)) if number == self.end[0] else (0, self.end_grade)
