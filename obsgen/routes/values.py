"""The values of one label, cut into the classes that a tree's matchers can tell apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Final

from obsgen.promql.matcher import Matcher
from obsgen.promql.regex import compiled
from obsgen.routes import patterns
from obsgen.routes.shortest import shortest_texts
from obsgen.routes.undecidable import UndecidableError

_OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Values:
    """The classes of a label's values; sets of them are bits. Class 0 is the empty value: the label is absent."""

    label: str
    witnesses: tuple[str, ...]
    """Of each class a readable member, as short as there is."""
    conditions: Mapping[tuple[bool, str], int]
    """The classes that meet a condition; a condition is whether it is a pattern, and its text."""
    known: Mapping[str, int]
    """The class of each word that a condition names."""
    classes: Mapping[frozenset[str], int]
    """The class of every other text, by the patterns that match it."""

    @property
    def everything(self) -> int:
        """All classes."""
        return (1 << len(self.witnesses)) - 1

    def admitted(self, matcher: Matcher) -> int:
        """The classes that pass this matcher."""
        met = self.conditions["~" in matcher.op, matcher.value]
        return self.everything & ~met if matcher.op.startswith("!") else met

    def class_of(self, text: str) -> int:
        """The class that the value is in."""
        if text in self.known:
            return self.known[text]
        return self.classes[frozenset(one for one in self.patterns() if compiled(one).fullmatch(text))]

    def patterns(self) -> tuple[str, ...]:
        """The patterns whose words are too many to be listed, and which are judged by an automaton."""
        return tuple(text for is_pattern, text in self.conditions if is_pattern and _listed(text) is None)


def cut(label: str, matchers: Iterable[Matcher]) -> Values:
    """The classes of the label's values; UndecidableError names what cannot be followed."""
    conditions = tuple(dict.fromkeys(("~" in one.op, one.value) for one in matchers))
    listed: defaultdict[str, set[int]] = defaultdict(set)
    listed[""] = set()
    endless: dict[str, int] = {}
    for number, (is_pattern, text) in enumerate(conditions):
        words = _listed(text) if is_pattern else frozenset({text})
        if words is None:
            endless[text] = number
        for word in words or ():
            listed[word].add(number)
    named = {word: frozenset(met | _matched(word, endless)) for word, met in listed.items()}
    others = _others(label, listed, endless)
    return _numbered(label, conditions, named, others)


def _listed(pattern: str) -> frozenset[str] | None:
    return patterns.words(patterns.read(pattern))


def _matched(text: str, endless: Mapping[str, int]) -> set[int]:
    return {number for pattern, number in endless.items() if compiled(pattern).fullmatch(text)}


def _others(label: str, listed: Mapping[str, object], endless: Mapping[str, int]) -> dict[frozenset[str], str]:
    """The texts that no condition names: one for each group of patterns that match it and no other."""
    names = chain((_OTHER,), (f"{_OTHER}{number}" for number in count(2)))
    readable = next(name for name in names if name not in listed)
    likely = {frozenset(one for one in endless if compiled(one).fullmatch(readable)): readable}
    if not endless:
        return likely
    try:
        return shortest_texts(tuple(endless), frozenset(listed)) | likely
    except UndecidableError as error:
        named = ", ".join(f"'{pattern}'" for pattern in endless)
        msg = f"label '{label}': the patterns {named} {error}"
        raise UndecidableError(msg) from None


def _numbered(
    label: str,
    conditions: tuple[tuple[bool, str], ...],
    named: Mapping[str, frozenset[int]],
    others: Mapping[frozenset[str], str],
) -> Values:
    numbers = {text: number for number, (is_pattern, text) in enumerate(conditions) if is_pattern}
    witnesses, classes = [""], dict[frozenset[int], int]()
    known = {"": 0}
    # The shortest word stands for the words that nothing tells apart.
    for word in sorted(named, key=lambda one: (len(one), one)):
        if word:
            known[word] = classes.setdefault(named[word], len(witnesses))
            witnesses += [word] * (known[word] == len(witnesses))
    unnamed: dict[frozenset[str], int] = {}
    for matched, text in others.items():
        met = frozenset(numbers[one] for one in matched)
        unnamed[matched] = classes.setdefault(met, len(witnesses))
        witnesses += [text] * (unnamed[matched] == len(witnesses))
    meeting = [0] * len(conditions)
    for met, place in ((named[""], 0), *classes.items()):
        for number in met:
            meeting[number] |= 1 << place
    return Values(label, tuple(witnesses), dict(zip(conditions, meeting, strict=True)), known, unnamed)
