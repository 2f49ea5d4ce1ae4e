"""Boxes: for each label a set of its classes, and all alerts whose labels lie in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import and_
from typing import Final

from obsgen.promql.matcher import Matcher
from obsgen.routes.undecidable import UndecidableError
from obsgen.routes.values import Values, cut

Box = tuple[int, ...]
"""Of each label in turn the classes within, as bits; none of them is empty."""

# More than this no tree that people write comes to; beyond it an answer would take minutes.
MOST_BOXES: Final = 500_000

Condition = tuple[tuple[int, int], ...]
"""What matchers ask for: the number of a label, and the classes that pass."""


@dataclass(frozen=True, slots=True)
class Space:
    """All alerts, by the labels that matchers look at; labels that none looks at make no difference."""

    labels: tuple[Values, ...]
    numbers: Mapping[str, int]

    @property
    def whole(self) -> Box:
        """Every alert there can be."""
        return tuple(values.everything for values in self.labels)

    def condition(self, matchers: Iterable[Matcher]) -> Condition:
        """What these matchers ask for together."""
        asked: dict[int, int] = {}
        for matcher in matchers:
            number = self.numbers[matcher.name]
            values = self.labels[number]
            asked[number] = asked.get(number, values.everything) & values.admitted(matcher)
        return tuple(asked.items())

    def box(self, matchers: Iterable[Matcher]) -> Box | None:
        """The alerts that pass these matchers; None where there are none."""
        return meet(self.whole, self.condition(matchers))

    def point(self, labels: Mapping[str, str]) -> Box:
        """The smallest box that holds this alert."""
        return tuple(1 << values.class_of(labels.get(values.label, "")) for values in self.labels)

    def example(self, boxes: Iterable[Box]) -> dict[str, str]:
        """An alert out of the boxes, with as few labels and as little text as can be."""
        return min(map(self._smallest, boxes), key=lambda one: (len(one), sum(map(len, one.values())), sorted(one)))

    def _smallest(self, box: Box) -> dict[str, str]:
        # Class 0 is the absent label, and the classes after it come with the most readable words first.
        return {
            values.label: values.witnesses[(classes & -classes).bit_length() - 1]
            for values, classes in zip(self.labels, box, strict=True)
            if not classes & 1
        }


def space_of(matchers: Iterable[Matcher], labels: Iterable[str] = ()) -> Space:
    """The space in which these matchers, and the presence of these labels, can be told apart."""
    by_label = defaultdict[str, set[Matcher]](set)
    for label in labels:
        by_label[label] = set()
    for matcher in matchers:
        by_label[matcher.name].add(matcher)
    names = sorted(by_label)
    return Space(
        tuple(cut(name, sorted(by_label[name])) for name in names),
        {name: number for number, name in enumerate(names)},
    )


def meet(box: Box, condition: Condition) -> Box | None:
    """The part of the box that meets the condition."""
    for number, classes in condition:
        if not box[number] & classes:
            return None
    found = list(box)
    for number, classes in condition:
        found[number] &= classes
    return tuple(found)


def miss(box: Box, condition: Condition) -> list[Box]:
    """The rest of the box, as boxes that share nothing."""
    found: list[Box] = []
    left = list(box)
    for number, classes in condition:
        out = left[number] & ~classes
        if out:
            found.append((*left[:number], out, *left[number + 1 :]))
        left[number] &= classes
        if not left[number]:
            break
    return found


def common(one: Box, other: Box) -> Box | None:
    """What two boxes share."""
    # Asked of every two boxes that there are, and most of them share nothing.
    for number, classes in enumerate(one):
        if not classes & other[number]:
            return None
    return tuple(map(and_, one, other))


def without(boxes: Sequence[Box], condition: Condition) -> list[Box]:
    """What is left of the boxes where the condition does not hold."""
    found = [rest for box in boxes for rest in miss(box, condition)]
    if len(found) > MOST_BOXES:
        msg = f"the matchers of these routes part the alerts in more than {MOST_BOXES} ways"
        raise UndecidableError(msg)
    return found
