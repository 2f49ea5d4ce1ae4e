"""The part of what a component watches that an alert is for, where a spec's overrides divide it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from obsgen.promql.matcher import Matcher
from obsgen.promql.witness import NoExample, example_labels

_ALTERNATIVES: Final = re.compile(r"[a-zA-Z0-9_-]+(\|[a-zA-Z0-9_-]+)*")

Matchers = tuple[Matcher, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Series that pass all of `within` and, of each of `outside`, not all.

    `name` is the override's, empty for the series that none takes; `team` hears of the alert where it is another.
    """

    name: str = ""
    within: Matchers = ()
    outside: tuple[Matchers, ...] = ()
    team: str | None = None

    @property
    def selections(self) -> tuple[Matchers, ...]:
        """Matchers that together select exactly this part, no series twice; none where nothing is left of it."""
        found: list[Matchers] = [self.within]
        for taken in self.outside:
            found = [one for before in found for one in _without(before, taken)]
        return tuple(one for one in found if _possible(one))


WHOLE = Part()


def _without(matchers: Matchers, taken: Matchers) -> Iterator[Matchers]:
    """What passes `matchers` and not all of `taken`: by the first of them that it does not pass."""
    for index, one in enumerate(taken):
        yield _joined(matchers, (*taken[:index], one.negated))


def _joined(matchers: Matchers, more: Sequence[Matcher]) -> Matchers:
    """Both, without what the first say already by the values that they name."""
    named = {one.name: values for one in matchers if (values := _values(one))}
    return (*matchers, *(one for one in more if one.name not in named or not all(map(one.matches, named[one.name]))))


def _values(matcher: Matcher) -> Sequence[str]:
    """The only values that pass; none where they cannot be told."""
    if matcher.op == "=":
        return [matcher.value]
    return matcher.value.split("|") if matcher.op == "=~" and _ALTERNATIVES.fullmatch(matcher.value) else []


def _possible(matchers: Matchers) -> bool:
    try:
        example_labels(matchers)
    except NoExample:
        return False
    return True
