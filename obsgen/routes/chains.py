"""Alerts that mute each other one after the other: whether there can be such alerts, and circles of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import and_

from obsgen.ir.routes import InhibitRule
from obsgen.routes.boxes import Box, common, meet


@dataclass(frozen=True, slots=True)
class Link:
    """Alerts of one box mute those of another that are equal to them in some labels, given by number."""

    rule: InhibitRule
    source: Box
    target: Box
    equal: tuple[int, ...]

    def at(self, number: int, classes: int) -> Link | None:
        """The same with both sides' values of one label limited to these classes."""
        source, target = (meet(box, ((number, classes),)) for box in (self.source, self.target))
        return Link(self.rule, source, target, self.equal) if source is not None and target is not None else None


def chain_of(links: Sequence[Link], *, closed: bool = False) -> tuple[Box, ...] | None:
    """Boxes of alerts, each muting the next by its link, where there are such alerts; closed, the last mutes the first.

    Each is a box of one class in the labels that must be equal, so that examples of them are equal there too.
    """
    boxes = [links[0].source, *(link.target for link in links)]
    for place, link in enumerate(links[1:], start=1):
        boxes[place] = tuple(map(and_, boxes[place], link.source))
    if closed:
        boxes[0] = tuple(map(and_, boxes[0], boxes.pop()))
    if not all(map(all, boxes)):
        return None
    alerts = [list(box) for box in boxes]
    for number in sorted({number for link in links for number in link.equal}):
        for tied in _tied(links, number, len(boxes)):
            shared = alerts[tied[0]][number]
            for place in tied:
                shared &= alerts[place][number]
            for place in tied:
                # The lowest class is the absent label, or has the most readable words.
                alerts[place][number] = shared & -shared if len(tied) > 1 else shared
            if not shared:
                return None
    return tuple(map(tuple, alerts))


def _tied(links: Sequence[Link], number: int, count: int) -> list[list[int]]:
    """The places whose alerts must be equal in this label, together."""
    groups: dict[int, list[int]] = {place: [place] for place in range(count)}
    for place, link in enumerate(links):
        one, other = groups[place], groups[(place + 1) % count]
        if number in link.equal and one is not other:
            one += other
            groups.update(dict.fromkeys(other, one))
    return list({id(group): group for group in groups.values()}.values())


def loops(rules: Sequence[Sequence[Link]]) -> Iterator[tuple[Link, ...]]:
    """The circles of rules in which alerts can mute each other, short ones first; none that holds another."""
    told: list[set[int]] = []
    after = [{number for number, later in enumerate(rules) if _leads(links, later)} for links in rules]
    # Each circle is looked for from its first rule only.
    open_ = deque[tuple[tuple[int, ...], tuple[Link, ...]]](
        ((first,), (link,)) for first, links in enumerate(rules) for link in links
    )
    within = [_circling(first, after) for first in range(len(rules))]
    while open_:
        numbers, links = open_.popleft()
        if any(circle <= set(numbers) for circle in told):
            continue
        if chain_of(links, closed=True):
            told.append(set(numbers))
            yield links
            continue
        for number in sorted(after[numbers[-1]] & within[numbers[0]] - set(numbers)):
            longer = [((*numbers, number), (*links, link)) for link in rules[number]]
            open_.extend(one for one in longer if chain_of(one[1]))


def _leads(links: Sequence[Link], later: Sequence[Link]) -> bool:
    return any(common(link.target, on.source) is not None for link in links for on in later)


def _circling(first: int, after: Sequence[set[int]]) -> set[int]:
    """The rules after the first that can be on a circle with it."""
    reached, ahead = set[int](), [first]
    while ahead:
        found = {number for number in after[ahead.pop()] if number >= first} - reached
        reached |= found
        ahead += found
    before = {first}
    while more := {number for number in reached - before if after[number] & before}:
        before |= more
    return (reached & before) - {first}
