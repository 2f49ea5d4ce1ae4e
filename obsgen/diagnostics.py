"""What is wrong, where, and what would be right: mistakes as values with a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Literal

from obsgen.limits import MISTAKES
from obsgen.printable import continued, one_line, width
from obsgen.secrecy.document import Secrets

Level = Literal["error", "warning"]
# Deeper than the source line and the hint, so that no message can imitate one.
_DEEPER = "    "


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file, counted from 1, with the line that stands there and what must not be shown of the file."""

    file: str
    line: int
    column: int
    source_line: str = ""
    secrets: Secrets | None = field(default=None, repr=False, compare=False)
    fit: bool = field(default=False, repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def masked(self, text: str) -> str:
        """A text about this place without the secrets of its file."""
        return self.secrets.masked(text) if self.secrets else _masked(text)

    def fit_to_show(self) -> Location:
        """The same place, its line without secrets."""
        if self.fit or not self.source_line:
            return self
        line = self.source_line
        shown = self.secrets.line(self.line, line, self.column) if self.secrets else _masked(line)
        return replace(self, source_line=shown, fit=True)

    def inside(self, text: str, offset: int) -> Location:
        """The place at the offset in the text, where the line holds it from here on; else this place."""
        found = self.source_line.find(text, self.column - 1) if text else -1
        return self if found < 0 else replace(self, column=found + offset + 1)


def _masked(text: str) -> str:
    from obsgen.secrecy.pairs import masked  # noqa: PLC0415 - where nothing is wrong, nothing is worded

    return masked(text)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding, without secrets. `code` is a key of `obsgen explain CODE`; `hint` offers the way out."""

    code: str
    message: str
    location: Location | None = None
    hint: str | None = None
    level: Level = "error"

    def __post_init__(self) -> None:
        # Whoever words a finding, and in whatever form it is shown: no secret gets into it.
        keep_back = self.location.masked if self.location else _masked
        object.__setattr__(self, "message", keep_back(self.message))
        if self.hint:
            object.__setattr__(self, "hint", keep_back(self.hint))
        if self.location:
            object.__setattr__(self, "location", self.location.fit_to_show())

    def __str__(self) -> str:
        """The finding as a compiler prints it: place, message, source line with a caret, hint."""
        place = f"{one_line(str(self.location))}: " if self.location else ""
        lines = [f"{place}{self.level} {self.code}: {continued(self.message, _DEEPER)}"]
        if self.location and self.location.source_line:
            number, source_line = str(self.location.line), self.location.source_line
            before = width(one_line(source_line[: self.location.column - 1]))
            lines.append(f"  {number} | {one_line(source_line)}")
            lines.append(f"  {' ' * len(number)} | {' ' * before}^")
        if self.hint:
            lines.append(f"  hint: {continued(self.hint, _DEEPER)}")
        return "\n".join(lines)

    def at(self, location: Location | None) -> Diagnostic:
        """The same finding, placed where it has no place yet."""
        return self if self.location else replace(self, location=location)


class Diagnosed(Exception):  # noqa: N818 - it reports findings of the user's files, not a fault of the program
    """Raised at a stage's end with everything the stage found wrong, so that nothing is hidden.

    >>> try:
    ...     obsgen.load_stack("spec.yaml")
    ... except obsgen.Diagnosed as mistakes:
    ...     print(*mistakes.diagnostics, sep="\\n")
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], *, more: int = 0) -> None:
        """`more` counts mistakes beside these, for which nobody has found words because they would not be shown."""
        found = sorted(set(diagnostics), key=_reading_order)
        more += max(0, len(found) - MISTAKES)
        if more:
            found[MISTAKES:] = [Diagnostic("OBS121", f"{more} more mistakes are not shown", hint="correct these first")]
        self.diagnostics = tuple(found)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))


@contextmanager
def placed(location: Location) -> Iterator[None]:
    """What is found inside and has no place of its own gets this one, where the name of what is wrong stands."""
    try:
        yield
    except Diagnosed as mistakes:
        raise Diagnosed(one.at(location) for one in mistakes.diagnostics) from None


class Findings:
    """Collects diagnostics through a stage and raises them all at its end."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def add(self, *diagnostics: Diagnostic) -> None:
        """Note findings and go on."""
        self._found.extend(diagnostics)
        # Each of a hundred thousand mistakes would be given a hint, though the first few hundred are all that is shown.
        if len(self._found) > 4 * MISTAKES:
            self.stop()

    def error(self, code: str, message: str, location: Location | None = None, hint: str | None = None) -> None:
        """Note one error and go on."""
        self.add(Diagnostic(code, message, location, hint))

    def warning(self, code: str, message: str, location: Location | None = None, hint: str | None = None) -> None:
        """Note one warning and go on."""
        self.add(Diagnostic(code, message, location, hint, "warning"))

    def stop(self) -> None:
        """Raise `Diagnosed` where anything of level error was noted."""
        if self.failed:
            raise Diagnosed(self._found)

    @property
    def failed(self) -> bool:
        """Whether anything of level error was noted."""
        return any(diagnostic.level == "error" for diagnostic in self._found)

    @property
    def noted(self) -> tuple[Diagnostic, ...]:
        """Everything so far, in reading order."""
        return tuple(sorted(set(self._found), key=_reading_order))


def did_you_mean(word: str, known: Iterable[str], *, noun: str = "one of", otherwise: str = "") -> str:
    """A hint: the nearest known word, or all of them where none is near; `otherwise` is said where there are none."""
    choices = sorted(known)
    if near := nearest(word, choices):
        return f"did you mean '{near}'?"
    return f"{noun}: {', '.join(choices)}" if choices else otherwise or f"{noun}: none"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.6)), None)


def _reading_order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    place = diagnostic.location or Location("", 0, 0)
    return (place.file, place.line, place.column, diagnostic.code, diagnostic.message)
