"""Which pods there are: made, drained, rolled out and scaled, as controllers and the scheduler would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from obsgen.simulate.days.calendar import MINUTE
from obsgen.simulate.days.machines import Machine
from obsgen.simulate.days.workloads import WORKLOADS, Workload

_STARTING: Final = 90
_TERMINATING: Final = 30


@dataclass(slots=True)
class Pod:
    """One pod from its making to its end."""

    workload: Workload
    name: str
    uid: str
    revision: int
    machine: Machine
    made: int
    ends: int = 2**40

    def ready(self, t: int) -> bool:
        """Whether it is placed, started and not being deleted, on a machine that answers."""
        return self.made + _STARTING <= t < self.ends and self.machine.ready(t)

    @property
    def started(self) -> int:
        """When its containers ran; those of the first midnight have run before."""
        return self.made + _STARTING

    @property
    def gone(self) -> int:
        """When nothing is left of it."""
        return self.ends + _TERMINATING


@dataclass(frozen=True, slots=True)
class Count:
    """What a workload's status says at one moment."""

    wanted: int
    ready: int
    updated: int


@dataclass(slots=True)
class History:
    """All pods that ever were, and each workload's status over time."""

    pods: list[Pod] = field(default_factory=list)
    counts: dict[Workload, list[Count]] = field(default_factory=dict)
    step: int = MINUTE

    def count(self, workload: Workload, t: int) -> Count:
        """The status at the moment."""
        return self.counts[workload][t // self.step]


def history(fleet: tuple[Machine, ...], seconds: int) -> History:
    """Every minute each controller does what it would."""
    told, living = History(), list[Pod]()
    for t in range(0, seconds + MINUTE, MINUTE):
        for workload in WORKLOADS:
            own = [pod for pod in living if pod.workload == workload]
            made = list(_controlled(workload, own, living, fleet, t))
            told.pods += made
            living += made
            own = [pod for pod in own + made if pod.ends > t]
            told.counts.setdefault(workload, []).append(_count(workload, own, fleet, t))
        living = [pod for pod in living if pod.ends > t]
    return told


def _count(workload: Workload, own: list[Pod], fleet: tuple[Machine, ...], t: int) -> Count:
    wanted = sum(m.there(t) for m in fleet) if workload.kind == "DaemonSet" else workload.wanted(t)
    ready = sum(pod.ready(t) for pod in own)
    return Count(wanted, ready, sum(pod.revision == workload.revision(t) for pod in own))


def _controlled(
    workload: Workload, own: list[Pod], living: list[Pod], fleet: tuple[Machine, ...], t: int
) -> Iterator[Pod]:
    if workload.kind == "DaemonSet":
        yield from _daemons(workload, own, fleet, t)
        return
    wanted = workload.wanted(t)
    _evict(own, wanted, t)
    staying = [pod for pod in own if pod.ends > t]
    for pod in staying[wanted:]:
        pod.ends = t
    whole = sum(pod.ready(t) for pod in staying) >= wanted
    old = [pod for pod in staying if pod.revision != workload.revision(t)]
    surge = 0
    if old and whole:
        if workload.kind == "StatefulSet" or len(staying) > wanted:
            old[-1].ends = t
        elif len(staying) == wanted:
            surge = 1
    staying = [pod for pod in staying if pod.ends > t]
    for _ in range(wanted + surge - len(staying)):
        pod = _placed(workload, staying, living, fleet, t)
        staying.append(pod)
        yield pod


def _evict(own: list[Pod], wanted: int, t: int) -> None:
    """A drain, and an autoscaler that removes a machine, take one pod of a workload at a time, if all are ready."""
    leaving = [pod for pod in own if pod.machine.ready(t) and not pod.machine.open(t)]
    gone = [pod for pod in own if not pod.machine.there(t)]
    for pod in gone:
        pod.ends = t
    if leaving and sum(pod.ready(t) for pod in own) >= wanted:
        leaving[0].ends = t


def _daemons(workload: Workload, own: list[Pod], fleet: tuple[Machine, ...], t: int) -> Iterator[Pod]:
    for pod in own:
        if not pod.machine.there(t):
            pod.ends = t
    by_machine = {pod.machine.name: pod for pod in own if pod.ends > t}
    old = [pod for pod in by_machine.values() if pod.revision != workload.revision(t)]
    if old and all(pod.ready(t) for pod in by_machine.values()):
        old[0].ends = t
        del by_machine[old[0].machine.name]
    for machine in fleet:
        if machine.there(t) and machine.name not in by_machine:
            yield _pod(workload, f"{workload.name}-{_letters(t, machine.address)}", machine, t)


def _placed(workload: Workload, staying: list[Pod], living: list[Pod], fleet: tuple[Machine, ...], t: int) -> Pod:
    """Where the fewest pods of the same workload are: in the zone, then on the machine, then of any."""
    taken = [pod.machine.name for pod in staying]
    zones = [pod.machine.zone for pod in staying]
    load = [pod.machine.name for pod in living if pod.ends > t]
    workers = [machine for machine in fleet if machine.open(t) and not machine.control]
    machine = min(
        workers, key=lambda one: (zones.count(one.zone), taken.count(one.name), load.count(one.name), one.name)
    )
    if workload.kind == "StatefulSet":
        names = {pod.name for pod in staying}
        name = next(f"{workload.name}-{n}" for n in range(99) if f"{workload.name}-{n}" not in names)
    else:
        name = f"{workload.name}-{workload.revision(t)}-{_letters(t, str(len(staying)))}"
    return _pod(workload, name, machine, t)


def _pod(workload: Workload, name: str, machine: Machine, t: int) -> Pod:
    made = t or -2 * MINUTE
    return Pod(workload, name, f"{name}-{t}", workload.revision(t), machine, made)


def _letters(t: int, salt: str) -> str:
    """Five characters, as pods' names end with; the same for the same pod."""
    number = t // MINUTE * 331 + sum(ord(one) * 37**place for place, one in enumerate(salt))
    alphabet = "bcdfghjklmnpqrstvwxz2456789"
    return "".join(alphabet[number // 27**place % 27] for place in range(5))
