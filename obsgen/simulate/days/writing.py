"""Writes days of a healthy cluster as OpenMetrics: every pack of a stack finds what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TextIO

from obsgen.made_up.objectives import objective_samples
from obsgen.model.stack import Stack
from obsgen.promql.series import series_text
from obsgen.simulate.arrival import Arrival
from obsgen.simulate.days.calendar import DAY, UNWATCHED, Row
from obsgen.simulate.days.extras import extra_rows, machine_rows
from obsgen.simulate.days.lives import Lives
from obsgen.simulate.days.machines import machines
from obsgen.simulate.days.object_series import object_rows
from obsgen.simulate.days.pod_rows import pod_state, usage
from obsgen.simulate.days.pods import history
from obsgen.simulate.days.services import PLACED, STATE, STATE_INSTANCE, Services

STEP: Final = 120


def write_days(stack: Stack, out: TextIO, end: int, days: int) -> int:
    """Write so many days, the last of which ends then; each begins with the cluster's midnight. Gives the samples."""
    seconds = days * DAY
    start, count = end - seconds, 0
    known: set[str] = set()
    arrival = Arrival(stack)
    for row in _rows(stack, arrival, start, seconds):
        text = series_text(dict(sorted(row.labels.items())))
        lines = [] if text in known else list(_lines(row, text, start, seconds))
        known.add(text)
        out.write("".join(lines))
        count += len(lines)
    for line in objective_samples(stack, range(start, end + 1, STEP), known, arrival, well=True):
        if not _unwatched(int(line.rpartition(" ")[2]) - start):
            out.write(line)
            count += 1
    out.write("# EOF\n")
    return count


def _rows(stack: Stack, arrival: Arrival, start: int, seconds: int) -> Iterator[Row]:
    fleet = machines(seconds)
    told, lives = history(fleet, seconds), Lives(fleet)
    cluster = {} if stack.clusterless else {"cluster": stack.environment.cluster}
    own = {"etcd_server_id", "etcd_network_active_peers"}
    state = lives.of(STATE, STATE_INSTANCE)
    for row in (*object_rows(fleet, told, start, seconds), *pod_state(told, fleet, start, seconds)):
        own.add(row.labels["__name__"])
        labels = {**row.labels, "job": STATE, "instance": STATE_INSTANCE, **cluster}
        yield Row(labels, row.at, _both(row.spans, state.answering))
    for row in usage(told, fleet):
        own.add(row.labels["__name__"])
        yield Row({**row.labels, "job": "cadvisor", **cluster}, row.at, row.spans)
    for row in (*extra_rows(lives, start), *machine_rows(fleet, lives, start)):
        yield Row({**row.labels, **cluster}, row.at, row.spans)
    yield from Services(stack, fleet, lives, start).rows(arrival, own)
    for machine in fleet:
        labels = {"__name__": "up", "job": "cadvisor", "instance": f"{machine.address}:10250", "node": machine.name}
        yield Row({**labels, **cluster}, lives.of("kubelet", labels["instance"]).up, machine.present)
    for place, target in enumerate(map(dict, arrival.targets)):
        if target.get("job") not in PLACED:
            # Not every feed says which instance it is of.
            instance = target.get("instance") or f"10.0.9.{place}:8080"
            life = lives.of(target.get("job", ""), instance)
            yield Row({"__name__": "up", **target, "instance": instance}, life.up, life.there)


def _both(spans: tuple[tuple[int, int], ...], others: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    pairs = ((max(a, c), min(b, d)) for a, b in spans for c, d in others)
    return tuple((begin, end) for begin, end in pairs if begin < end)


def _lines(row: Row, text: str, start: int, seconds: int) -> Iterator[str]:
    told = 0
    for begin, end in sorted(row.spans):
        first = -(-max(begin, told) // STEP) * STEP
        told = max(told, end)
        for t in range(first, min(end, seconds + 1), STEP):
            if not _unwatched(t):
                yield f"{text} {row.at(t):.12g} {start + t}\n"


def _unwatched(t: int) -> bool:
    return UNWATCHED[0] <= t < UNWATCHED[1]
