"""Whether a pattern matches a whole text, in a time that no pattern can stretch."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, Final

from obsgen.limits import REGEX_STEPS
from obsgen.promql.regex import UntranslatableRegexError, compiled, python_text

_PARSER: Final[Any] = import_module("re._parser")
_COMPILER: Final[Any] = import_module("re._compiler")
_FLAGS: Final = re.ASCII | re.DOTALL
# What backtracks over a text more often than once for each character: two repeats, or one of a group.
_STRETCHED: Final = re.compile(r"\)[*+{]|[*+}].*[*+}]", re.DOTALL)
_REPEATED_GROUP: Final = re.compile(r"\)[*+{]")
_REPEAT: Final = re.compile(r"[*+}]")


def matches_whole(pattern: str, text: str) -> bool:
    """Whether the pattern matches all of the text; PromQLError where it is none, or takes too long to follow."""
    found = compiled(pattern)
    if not _STRETCHED.search(pattern):
        return found.fullmatch(text) is not None
    tree = _PARSER.parse(python_text(pattern), _FLAGS)
    ways = _Ways(pattern, text, tree)
    return bool(ways.after(tree, _FLAGS, 1) >> len(text) & 1)


def groups_of(pattern: str, text: str) -> re.Match[str] | None:
    """The match of all of the text with its groups, or None; PromQLError where finding them may take too long."""
    if not matches_whole(pattern, text):
        return None
    repeats = len(_REPEAT.findall(pattern))
    if _REPEATED_GROUP.search(pattern) or (repeats > 1 and max(2, len(text)) ** repeats > REGEX_STEPS):
        msg = f"it may take too long to find the groups of the regular expression '{pattern[:80]}'"
        raise UntranslatableRegexError(msg)
    return compiled(pattern).fullmatch(text)


class _Ways:
    """All ways through a pattern at once: a set of places in the text, kept as bits."""

    def __init__(self, pattern: str, text: str, tree: Any) -> None:
        self.pattern = pattern
        self.text = text
        self.state = tree.state
        self.left = REGEX_STEPS
        self.fitting: dict[tuple[str, int], int] = {}

    def after(self, parts: Any, flags: int, places: int) -> int:
        """Where the parts, one after the other, may end that begin at these places."""
        for op, value in parts:
            self.take(1 + len(self.text) // 64)
            match str(op):
                case "BRANCH":
                    places = self.after_any(value[1], flags, places)
                case "SUBPATTERN":
                    places = self.after(value[3], (flags | value[1]) & ~value[2], places)
                case "MAX_REPEAT" | "MIN_REPEAT":
                    places = self.after_repeat(value, flags, places)
                case "AT":
                    places &= self.fit(op, value, flags)
                case _:
                    places = (places & self.fit(op, value, flags)) << 1
        return places

    def after_any(self, choices: Any, flags: int, places: int) -> int:
        found = 0
        for parts in choices:
            found |= self.after(parts, flags, places)
        return found

    def after_repeat(self, repeat: Any, flags: int, places: int) -> int:
        least, most, parts = repeat
        for _ in range(least):
            places = self.after(parts, flags, places)
        found, count = places, least
        # Only what is new can lead on: from the other places every way has been taken.
        while places and (most == _PARSER.MAXREPEAT or count < most):
            places = self.after(parts, flags, places) & ~found
            found |= places
            count += 1
        return found

    def fit(self, op: Any, value: Any, flags: int) -> int:
        """The places at which one character, or an edge, is what the pattern wants."""
        key = f"{op} {value}", flags
        if key not in self.fitting:
            self.take(len(self.text))
            one = _COMPILER.compile(_PARSER.SubPattern(self.state, [(op, value)]), flags)
            places = (place for place in range(len(self.text) + 1) if one.match(self.text, place))
            self.fitting[key] = sum(1 << place for place in places)
        return self.fitting[key]

    def take(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            msg = f"it takes too long to follow the regular expression '{self.pattern[:80]}'"
            raise UntranslatableRegexError(msg)
