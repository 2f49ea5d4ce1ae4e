"""What is unsound in inhibit rules: exactly, for all alerts there can be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from obsgen.ir.routes import InhibitRule
from obsgen.promql.matcher import Matcher
from obsgen.routes.boxes import Box, Space, common, meet, space_of, without
from obsgen.routes.chains import Link, chain_of, loops

Fault = Literal["never", "overlap", "no equal", "missing equal", "loop", "page"]


@dataclass(frozen=True, slots=True)
class Unsound:
    """A fault of one inhibit rule, or of several together, with alerts that show it."""

    fault: Fault
    """`never`: no alert can mute another by it. `overlap`: one alert fits both sides.
    `no equal`: nothing ties the muted alert to the other.
    `missing equal`: both alerts may lack a label that should tie them, and then count as equal in it.
    `loop`: alerts mute each other in a circle, so that none of them is heard. `page`: a page is muted by what is none.
    """
    rules: tuple[InhibitRule, ...]
    alerts: tuple[Mapping[str, str], ...] = ()
    """The muting alert, then the muted one; in a loop each mutes the next and the last the first."""
    labels: tuple[str, ...] = ()
    """The labels that may be missing."""


def unsound(
    rules: Sequence[InhibitRule], pages: Sequence[Sequence[Matcher]] = (), carried: Collection[str] = ()
) -> tuple[Unsound, ...]:
    """Every fault; an alert is a page where it passes all matchers of any of `pages`, and carries all labels `carried`.

    Alertmanager lets no alert that fits both sides be muted by another one that does, itself included.
    """
    asked = [matcher for rule in rules for matcher in (*rule.source, *rule.target)]
    asked += [matcher for page in pages for matcher in page]
    space = space_of(asked, {*carried, *(label for rule in rules for label in rule.equal)})
    start = tuple(values.everything & ~(values.label in carried) for values in space.labels)
    links = [tuple(_links(rule, space, start)) for rule in rules]
    found = [fault for rule, able in zip(rules, links, strict=True) for fault in _alone(rule, able, start, space)]
    found += [_circle(loop, space) for loop in loops(links)]
    return (*found, *(fault for able in links for fault in _pages(able, pages, space)))


def _links(rule: InhibitRule, space: Space, start: Box) -> Iterator[Link]:
    """The pairs of boxes from which an alert mutes an alert, the ties between them left aside."""
    source, target = space.condition(rule.source), space.condition(rule.target)
    equal = tuple(space.numbers[label] for label in rule.equal)
    muting, muted = meet(start, source), meet(start, target)
    if muting is None or muted is None:
        return
    for box in without([muted], source):
        yield Link(rule, muting, box, equal)
    both = common(muting, muted)
    if both is not None:
        for box in without([muting], target):
            yield Link(rule, box, both, equal)


def _alone(rule: InhibitRule, links: Sequence[Link], start: Box, space: Space) -> Iterator[Unsound]:
    able = [link for link in links if chain_of([link])]
    if not able:
        yield Unsound("never", (rule,))
        return
    both = meet(start, space.condition((*rule.source, *rule.target)))
    if both is not None:
        yield Unsound("overlap", (rule,), (space.example([both]),))
    if not rule.equal:
        yield _shown("no equal", space, (rule,), able[:1])
    for label in rule.equal:
        number = space.numbers[label]
        lacking = [link for link in (link.at(number, 1) for link in able) if link and chain_of([link])]
        if lacking:
            yield _shown("missing equal", space, (rule,), lacking[:1], (label,))


def _pages(links: Sequence[Link], pages: Sequence[Sequence[Matcher]], space: Space) -> Iterator[Unsound]:
    conditions = [space.condition(page) for page in pages]
    for link in links:
        lesser = [link.source]
        for condition in conditions:
            lesser = without(lesser, condition)
        for condition in conditions:
            paged = meet(link.target, condition)
            for box in () if paged is None else lesser:
                assert paged is not None
                shown = Link(link.rule, box, paged, link.equal)
                if chain_of([shown]):
                    yield _shown("page", space, (link.rule,), [shown])
                    return


def _shown(
    fault: Fault, space: Space, rules: tuple[InhibitRule, ...], links: Sequence[Link], labels: tuple[str, ...] = ()
) -> Unsound:
    return Unsound(fault, rules, _examples(chain_of(links), space), labels)


def _circle(links: Sequence[Link], space: Space) -> Unsound:
    alerts = _examples(chain_of(links, closed=True), space)
    return Unsound("loop", tuple(link.rule for link in links), alerts)


def _examples(boxes: Sequence[Box] | None, space: Space) -> tuple[Mapping[str, str], ...]:
    return tuple(space.example([box]) for box in boxes or ())
