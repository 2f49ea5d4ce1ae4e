"""What is known about the labels of a result, and how such knowledge combines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from obsgen.promql.matching import NAME, Grouping

Presence = Callable[[str], bool]

# Stands for every label that an analysis does not mention; no label is called so.
_ANY_OTHER = ""


@dataclass(frozen=True, slots=True)
class LabelFlow:
    """The labels of a result: at most `possible` (None: any but `removed`), `guaranteed` on each series.

    The metric's name takes part as `__name__`.
    """

    possible: frozenset[str] | None
    guaranteed: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()

    def can_have(self, label: str) -> bool:
        """False only where no input whatever gives a result with this label."""
        return label not in self.removed if self.possible is None else label in self.possible

    def surely_has(self, label: str) -> bool:
        """True only where every series of every result has this label, and not empty."""
        return label in self.guaranteed

    @property
    def mentioned(self) -> frozenset[str]:
        """The labels about which something is known."""
        return (self.possible or frozenset()) | self.guaranteed | self.removed


NO_LABELS = LabelFlow(frozenset())
ANYTHING = LabelFlow(None)


def described(mentioned: Iterable[str], can: Presence, sure: Presence) -> LabelFlow:
    """The flow that two questions about single labels describe."""
    labels = frozenset(mentioned) - {_ANY_OTHER}
    possible = frozenset(label for label in labels if can(label))
    guaranteed = frozenset(label for label in possible if sure(label))
    return LabelFlow(None if can(_ANY_OTHER) else possible, guaranteed, labels - possible)


def dropped(flow: LabelFlow, labels: Iterable[str]) -> LabelFlow:
    """The same series without these labels."""
    gone = frozenset(labels)
    possible = None if flow.possible is None else flow.possible - gone
    return LabelFlow(possible, flow.guaranteed - gone, flow.removed | gone)


def part(flow: LabelFlow, grouping: Grouping) -> LabelFlow:
    """The same series with the labels of the grouping alone."""
    return described(
        flow.mentioned | grouping.labels | {NAME},
        lambda label: grouping.keeps(label) and flow.can_have(label),
        flow.surely_has,
    )


def either(flows: Sequence[LabelFlow]) -> LabelFlow:
    """One of these, it is not known which."""
    return described(
        frozenset().union(*(flow.mentioned for flow in flows)),
        lambda label: any(flow.can_have(label) for flow in flows),
        lambda label: all(flow.surely_has(label) for flow in flows),
    )


def met(flow: LabelFlow, other: LabelFlow, grouping: Grouping) -> LabelFlow:
    """The series of `flow` that find a partner in `other`: compared labels are the same on both sides."""
    return described(
        flow.mentioned | other.mentioned | grouping.labels | {NAME},
        lambda label: flow.can_have(label) and (not grouping.keeps(label) or other.can_have(label)),
        lambda label: flow.surely_has(label) or (grouping.keeps(label) and other.surely_has(label)),
    )


def with_label(flow: LabelFlow, label: str, *, can: bool, sure: bool) -> LabelFlow:
    """The same series, this label rewritten."""
    this = {label}
    return LabelFlow(
        None if flow.possible is None else flow.possible | this if can else flow.possible - this,
        flow.guaranteed | this if can and sure else flow.guaranteed - this,
        flow.removed - this if can else flow.removed | this,
    )
