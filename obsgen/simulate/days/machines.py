"""The machines: those that are rebooted one after another, one for the days, and a control plane's fourth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from obsgen.simulate.days.calendar import DAY, EVENING, HOUR, MINUTE, MORNING, SURGE, Span, within, without

GI: Final = 2**30
CORES: Final = 8
BYTES: Final = 32 * GI
_REBOOTS_AT: Final = DAY + HOUR
_APART: Final = 30 * MINUTE
# Since the machine is cordoned: it is drained, goes down, comes back, and takes pods again.
_DOWN: Final[Span] = (8 * MINUTE, 14 * MINUTE)
_OPEN: Final = 18 * MINUTE
_JOINING: Final = 2 * MINUTE
_LEAVING: Final = 6 * MINUTE


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine: while it is there, while it is cordoned, and while it is down."""

    name: str
    address: str
    zone: str
    present: tuple[Span, ...]
    cordoned: tuple[Span, ...] = ()
    down: tuple[Span, ...] = ()
    leaving: tuple[Span, ...] = ()

    @property
    def control(self) -> bool:
        """Whether it is one of the control plane's."""
        return self.name.startswith("cp-")

    def there(self, t: int) -> bool:
        """Whether Kubernetes has it."""
        return within(self.present, t)

    def ready(self, t: int) -> bool:
        """Whether its kubelet says that all is well."""
        joined = max((begin for begin, _ in self.present if begin <= t), default=0)
        return self.there(t) and not within(self.down, t) and (joined == 0 or t >= joined + _JOINING)

    def open(self, t: int) -> bool:
        """Whether pods are placed on it."""
        return self.ready(t) and not within(self.cordoned, t) and not within(self.leaving, t)

    def booted(self, t: int) -> int:
        """When it started last; before the first midnight where it has run since then."""
        starts = [begin for begin, _ in self.present if begin] + [end for _, end in self.down]
        return max((start for start in starts if start <= t), default=-30 * DAY)

    @property
    def answering(self) -> tuple[Span, ...]:
        """While what runs on it can be scraped."""
        return without(self.present, self.down)


def machines(seconds: int) -> tuple[Machine, ...]:
    """All machines of a time of this length."""
    always = ((0, seconds + 1),)
    fixed = [(f"cp-{n}", f"192.0.2.{10 + n}", "abc"[n - 1]) for n in (1, 2, 3)]
    fixed += [(f"worker-{n}", f"192.0.2.{20 + n}", "abca"[n - 1]) for n in (1, 2, 3, 4)]
    held = []
    for place, (name, address, zone) in enumerate(fixed):
        begin = _REBOOTS_AT + place * _APART
        down = ((begin + _DOWN[0], begin + _DOWN[1]),)
        held.append(Machine(name, address, zone, always, ((begin, begin + _OPEN),), down))
    days = range(seconds // DAY + 1)
    leaving = tuple((day * DAY + EVENING, day * DAY + EVENING + _LEAVING) for day in days)
    present = tuple((day * DAY + MORNING, day * DAY + EVENING + _LEAVING) for day in days)
    held.append(Machine("worker-5", "192.0.2.25", "b", present, leaving=leaving))
    held.append(Machine("cp-4", "192.0.2.14", "a", (SURGE,), leaving=((SURGE[1] - _LEAVING, SURGE[1]),)))
    return tuple(held)
