"""What happened when: the test's own deeds and what each receiver was told of them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.e2e.receiver import Notice


@dataclass(slots=True)
class Timeline:
    """Events on the monotonic clock, counted from the first moment."""

    begun: float = field(default_factory=time.monotonic)
    _deeds: list[tuple[float, str]] = field(default_factory=list)

    def note(self, deed: str) -> None:
        """Write down what the test does now."""
        self._deeds.append((time.monotonic(), deed))

    def text(self, notices: Sequence[Notice], names: Mapping[str, str]) -> str:
        """Deeds and notices in order, a line each; `names` says what the instances are called."""
        told = [(notice.at, _line(notice, names)) for notice in notices]
        events = sorted([*((at, f"* {deed}") for at, deed in self._deeds), *told])
        return "".join(f"{at - self.begun:6.1f} s  {event}\n" for at, event in events)


def _line(notice: Notice, names: Mapping[str, str]) -> str:
    instance = notice.labels.get("instance")
    about = f" of {names.get(instance, instance)}" if instance else ""
    severity = notice.labels["severity"]
    return f"  {notice.receiver:<18} {notice.status:<8}  {notice.alert} ({severity}){about}"
