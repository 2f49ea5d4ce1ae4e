"""Rule groups in portions that the API server, kubectl and the operator all take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from obsgen.document import yaml_text
from obsgen.emit.rules import group_body
from obsgen.ir.rules import AlertingRule, RuleGroup

# Client-side apply keeps a copy of the object in an annotation, which ends at 262144 bytes.
LARGEST_OBJECT = 200 * 1024


def portions(groups: Sequence[RuleGroup], limit: int = LARGEST_OBJECT) -> Iterator[tuple[RuleGroup, ...]]:
    """The groups in order, cut into portions of at most `limit` bytes of YAML each."""
    if sum(map(_at_most, groups)) <= limit:
        yield tuple(groups)
        return
    portion: list[RuleGroup] = []
    size = 0
    for group, needed in (part for whole in groups for part in _parts(whole, limit)):
        if portion and size + needed > limit:
            yield tuple(portion)
            portion, size = [], 0
        portion.append(group)
        size += needed
    if portion:
        yield tuple(portion)


def _parts(group: RuleGroup, limit: int) -> Iterator[tuple[RuleGroup, int]]:
    """A group too large for one object, halved until each part fits, with sizes; a part's rules keep their order."""
    size = len(yaml_text([group_body(group)]).encode())
    if size <= limit or len(group.rules) < 2:
        yield group, size
        return
    middle = len(group.rules) // 2
    for number, rules in enumerate((group.rules[:middle], group.rules[middle:]), start=1):
        yield from _parts(replace(group, name=f"{group.name}-{number}", rules=rules), limit)


def _at_most(group: RuleGroup) -> int:
    """More bytes than the group can have, so that most sets need not be written out to be measured."""
    return sum(
        1000
        + len(rule.expr.encode()) * 3
        + sum(len(text.encode()) * 2 for text in (rule.annotations if isinstance(rule, AlertingRule) else {}).values())
        for rule in group.rules
    )
