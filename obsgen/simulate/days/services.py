"""What packs feed in tests, over days: each target with its rhythm and its life, and one on every machine."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from obsgen.made_up.levels import Illness
from obsgen.made_up.signals import Arriving, Fed, fed_series
from obsgen.made_up.times import PERIOD
from obsgen.model.stack import Stack
from obsgen.simulate.days.calendar import DAY, HOUR, MINUTE, At, Row, counted
from obsgen.simulate.days.lives import Life, Lives
from obsgen.simulate.days.machine_series import overridden
from obsgen.simulate.days.machines import Machine

# Jobs of which every machine has a target, with the port, and those of the control plane's machines.
_EVERYWHERE: Final = {"node-exporter": "9100", "kubelet": "10250", "kube-proxy": "10249", "calico-felix": "9091"}
_CONTROL: Final = {
    "apiserver": "6443", "etcd": "2381", "kube-controller-manager": "10257", "kube-scheduler": "10259",
}  # fmt: skip
# Fed for one alert by a value that another's feed contradicts.
_LEFT_OUT: Final = {
    "kube_customresource_verticalpodautoscaler_status_recommendation_containerrecommendations_uncappedtarget"
}
_NODELESS: Final = {"apiserver", "etcd"}
_FAILED_PROBE: Final = (DAY + 15 * HOUR, DAY + 15 * HOUR + MINUTE)
# Bounds do not swing, whatever comes near them.
_STEADY: Final = re.compile(r".*(limit|capacity|max|size|total_shards|expected).*")
PLACED: Final = {*_EVERYWHERE, *_CONTROL, "cadvisor"}
STATE: Final = "kube-state-metrics"
STATE_INSTANCE: Final = "10.0.1.5:8080"


class Services:
    """The series of feeds, without those that the cluster has of its own; and whether each target is up."""

    def __init__(self, stack: Stack, fleet: tuple[Machine, ...], lives: Lives, start: int) -> None:
        self._stack, self._fleet, self._lives, self._start = stack, fleet, lives, start

    def rows(self, arriving: Arriving, own: set[str]) -> Iterator[Row]:
        """Every series once; `own` are metrics that are told already."""
        seen: set[tuple[tuple[str, str], ...]] = set()
        fed_all = [one for one in fed_series(self._stack, Illness(), arriving, 0) if self._wanted(one, own)]
        replicas = _replicas(fed_all)
        for fed in fed_all:
            for labels, machine in self._placed(dict(fed.labels)):
                for alike in (labels, *({**labels, **one} for one in replicas.get(_target(labels), ()))):
                    same = tuple(sorted(alike.items()))
                    if same not in seen:
                        seen.add(same)
                        yield self._row(fed, alike, machine)

    def _wanted(self, fed: Fed, own: set[str]) -> bool:
        metric = fed.labels["__name__"]
        return metric not in own and metric not in _LEFT_OUT

    def _placed(self, labels: dict[str, str]) -> Iterator[tuple[dict[str, str], Machine | None]]:
        """On each machine that has such a target; elsewhere as it is."""
        job = labels.get("job", "")
        if job == STATE and "instance" in labels and labels["__name__"] != "up":
            yield (
                {name: value for name, value in labels.items() if name != "pod" or "container" in labels}
                | {"instance": STATE_INSTANCE},
                None,
            )
        elif job in _EVERYWHERE or job in _CONTROL:
            port = _EVERYWHERE.get(job) or _CONTROL[job]
            for machine in self._fleet:
                if job in _CONTROL and (not machine.control or (job == "etcd" and machine.name == "cp-4")):
                    continue
                placed = {**labels, "instance": f"{machine.address}:{port}"}
                if job not in _NODELESS:
                    placed["node"] = machine.name
                yield placed, machine
        else:
            yield labels, None

    def _row(self, fed: Fed, labels: dict[str, str], machine: Machine | None) -> Row:
        metric, job = labels["__name__"], labels.get("job", "")
        life = self._lives.of(job, labels.get("instance", ""))
        if metric == "up":
            return Row(labels, life.up, life.there)
        if machine and job == "node-exporter":
            at = overridden(labels, machine, self._start)
            if at:
                return Row(labels, at, life.answering)
        return Row(labels, self._course(fed, labels, life), life.answering)

    def _course(self, fed: Fed, labels: dict[str, str], life: Life) -> At:
        job, instance = labels.get("job", ""), labels.get("instance", "")
        match labels["__name__"]:
            case "etcd_server_is_leader" | "leader_election_master_status":
                return lambda t: float(self._lives.leader(job, t)[0] == instance)
            case "etcd_server_leader_changes_seen_total":
                return lambda t: float(self._lives.leader(job, t)[1] - self._lives.leader(job, life.begun(t))[1])
            case "probe_success":
                return lambda t: float(not _FAILED_PROBE[0] <= t < _FAILED_PROBE[1])
            case "process_start_time_seconds":
                return lambda t: float(self._start + life.begun(t))
        return self._rhythm(fed, life)

    def _rhythm(self, fed: Fed, life: Life) -> At:
        level = fed.at(0.0)
        if fed.kind == "counter":
            return counted(level, life.begun)
        if fed.kind == "age":
            return lambda t: self._start + t - level
        more = fed.at(PERIOD / 4) - level
        more = 0.0 if _STEADY.fullmatch(fed.labels["__name__"]) else more
        return (lambda t: level - more * math.cos(2 * math.pi * t / DAY)) if more else (lambda _: level)


def _target(labels: Mapping[str, str]) -> tuple[str, str]:
    return labels.get("job", ""), labels.get("instance", "")


def _replicas(fed: Sequence[Fed]) -> dict[tuple[str, str], list[dict[str, str]]]:
    """Targets of which nothing is fed but that they are up, by one of the same job of which there is more."""
    ups: dict[tuple[str, str], dict[str, str]] = {}
    telling: dict[str, tuple[str, str]] = {}
    for one in fed:
        target = _target(one.labels)
        if one.labels["__name__"] == "up":
            own = {name: value for name, value in one.labels.items() if name in {"instance", "pod", "node"}}
            ups.setdefault(target, own)
        elif target[1]:
            telling.setdefault(target[0], target)
    full = {_target(one.labels) for one in fed if one.labels["__name__"] != "up"}
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for target, own in ups.items():
        if target not in full and target[0] in telling and target[0] not in {*PLACED, STATE}:
            found.setdefault(telling[target[0]], []).append(own)
    return found
