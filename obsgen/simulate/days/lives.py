"""Who is scraped, and when it does not answer: updated by turns, and down with its machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from obsgen.simulate.days.calendar import ALWAYS, DAY, HOUR, MINUTE, Span, without
from obsgen.simulate.days.machines import Machine

_UPDATES_AT: Final = 12 * HOUR + 30 * MINUTE
_JOBS_APART: Final = 6 * MINUTE
_REPLICAS_APART: Final = 12 * MINUTE
_MISSED: Final = 100


@dataclass(frozen=True, slots=True)
class Life:
    """While a target is there, and the times in which it is there and does not answer."""

    there: tuple[Span, ...] = ALWAYS
    silent: tuple[Span, ...] = ()

    @property
    def answering(self) -> tuple[Span, ...]:
        """While its series are brought."""
        return without(self.there, self.silent)

    def begun(self, t: int) -> int:
        """When it started last."""
        starts = [up for _, up in self.silent if up <= t] + [begin for begin, _ in self.there if 0 < begin <= t]
        return max(starts, default=-DAY)

    def up(self, t: int) -> float:
        """Whether it answers."""
        return float(not any(down <= t < up for down, up in self.silent))


class Lives:
    """The lives of all targets, in the order in which they are met."""

    def __init__(self, fleet: tuple[Machine, ...]) -> None:
        self._by_address = {machine.address: machine for machine in fleet}
        self._met: dict[str, dict[str, Life]] = {}

    def of(self, job: str, instance: str) -> Life:
        """The life of one target: updated once, and on a machine of the fleet down with it."""
        own = self._met.setdefault(job, {})
        if instance not in own:
            place = list(self._met).index(job)
            begin = _UPDATES_AT + place * _JOBS_APART + len(own) * _REPLICAS_APART
            machine = self._by_address.get(instance.partition(":")[0])
            silent: tuple[Span, ...] = ((begin, begin + _MISSED),) if instance else ()
            there = ALWAYS
            if machine:
                there, silent = machine.present, (*silent, *machine.down)
                silent = tuple(one for one in silent if machine.there(one[0]))
            own[instance] = Life(there, silent)
        return own[instance]

    def leader(self, job: str, t: int) -> tuple[str, int]:
        """The instance that leads, and how often that has changed: the next one takes over from one that goes."""
        own = self._met[job]
        names = sorted(name for name, life in own.items() if life.there[0][0] == 0)
        place, changes = 0, 0
        for begin, name in sorted((down, one) for one in names for down, _ in own[one].silent):
            if begin <= t and name == names[place]:
                place, changes = (place + 1) % len(names), changes + 1
        return names[place], changes
