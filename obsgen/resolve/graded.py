"""Thresholds at one severity, as templates ask for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from obsgen.resolve.thresholds import Threshold
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.written import AlertSeverity
from obsgen.units import Amount


class Ungraded(TemplateFault):
    """A template asks for a threshold that has no value at this severity."""


class Graded(Mapping[str, Amount]):
    """The amounts that hold at a severity, reached with a dot; remembers which were asked for.

    Only the evaluation knows what is asked for: a side that is not chosen is not looked at, and needs no value.
    """

    def __init__(self, thresholds: Mapping[str, Threshold], severity: AlertSeverity) -> None:
        amounts = {name: one.at(severity) for name, one in thresholds.items()}
        self._amounts = {name: found[0] for name, found in amounts.items() if found}
        self._ungraded = amounts.keys() - self._amounts.keys()
        self.used: list[str] = []

    def __contains__(self, name: object) -> bool:
        if name in self._ungraded:
            msg = f"threshold '{name}' has no value here"
            raise Ungraded(msg, str(name))
        return name in self._amounts

    def __getitem__(self, name: str) -> Amount:
        value = self._amounts[name]
        if name not in self.used:
            self.used.append(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._amounts)

    def __len__(self) -> int:
        return len(self._amounts)
