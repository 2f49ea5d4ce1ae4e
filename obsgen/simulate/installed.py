"""Writes what the server of an installation holds: the series that packs read, as they arrive there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Final, TextIO

from obsgen.made_up.levels import Illness, firing
from obsgen.made_up.objectives import objective_samples
from obsgen.made_up.signals import signal_samples
from obsgen.made_up.times import STEP
from obsgen.made_up.unfed import unfed_samples
from obsgen.model.stack import Component, Stack
from obsgen.promql.matcher import Selector
from obsgen.promql.series import series_labels, series_text
from obsgen.simulate.arrival import Arrival

_NAME: Final = "__name__"
# What every installation can have, and what packs need no answer of the user for.
WATCHED: Final = (
    *("alertmanager", "apiserver", "capacity", "certificates", "control-plane", "coredns", "etcd", "grafana"),
    *("kube-proxy", "kube-state-metrics", "kubelet", "node", "operator", "prometheus", "rbac", "scheduling"),
    *("storage", "tokens", "workloads"),
)


def write_installed(stack: Stack, out: TextIO, end: int, seconds: int, faults: Collection[str]) -> int:
    """Write OpenMetrics of a time that ends then; gives the number of samples.

    All is well but for the alerts that are named as faults, whose conditions hold from the start.
    """
    count = 0
    for line in _lines(stack, range(end - seconds, end + 1, STEP), faults):
        out.write(line)
        count += 1
    out.write("# EOF\n")
    return count


def _lines(stack: Stack, moments: range, faults: Collection[str]) -> Iterator[str]:
    arrival, known = Arrival(stack), set[str]()
    illness = Illness(dict(firing(stack, faults)), moments[0])
    yield from objective_samples(stack, moments, known, arrival, well=True)
    yield from signal_samples(stack, moments, known, illness, arrival)
    fed = _Fed(map(series_labels, (series for series in known if "{" in series)))
    if "EtcdPeerViewsDiffer" not in faults:
        yield from (f"{series} 1 {moment}\n" for series in fed.other_peers() for moment in moments)
    for target in map(dict, arrival.targets):
        if not fed.answers(target):
            series = series_text({_NAME: "up", **target})
            yield from (f"{series} 1 {moment}\n" for moment in moments)
    for component in stack.components:
        # What the sources keep from arriving is not made up either.
        queries = [recording.expr for recording in component.recordings]
        queries += [signal.expr for signal in component.signals.values()]
        queries += [alert.expr for alert in component.alerts if alert.expr]
        cluster = "" if stack.clusterless else stack.environment.cluster
        fed.recorded |= {one.record for one in component.recordings}
        yield from unfed_samples(queries, partial(fed.knows, component), cluster, moments, still=True)


class _Fed:
    """What series there are, by metric, to ask whether a selector finds one."""

    def __init__(self, series: Iterable[Mapping[str, str]]) -> None:
        self._series: dict[str, list[Mapping[str, str]]] = {}
        self.recorded = {"ALERTS", "up"}
        for labels in series:
            self._series.setdefault(labels[_NAME], []).append(labels)

    def answers(self, target: Mapping[str, str]) -> bool:
        """Whether it is known if this target is up."""
        named = ("job", "instance", "metrics_path")
        return any(all(up.get(one) == target.get(one) for one in named) for up in self._series.get("up", ()))

    def other_peers(self) -> Iterator[str]:
        """The connections of etcd's other members: the pack feeds one's only, and a healthy cluster has all of them."""
        met = self._series.get("etcd_network_active_peers", [])
        known = {peer["instance"] for peer in met}
        for member in self._series.get("etcd_server_has_leader", ()) if met else ():
            if member["instance"] not in known:
                peers = (peer for peer in met if peer["instance"] == met[0]["instance"])
                yield from (series_text({**peer, "instance": member["instance"]}) for peer in peers)

    def knows(self, component: Component, selector: Selector) -> bool:
        """Whether there is such a series, or cannot be."""
        if selector.metric in self.recorded:
            return True
        if any(one.gives(selector.matchers) and one.lacks(selector.metric) for one in component.sources.values()):
            return True
        found = self._series.get(selector.metric, ())
        return any(all(one.matches(labels.get(one.name, "")) for one in selector.matchers) for labels in found)


def spec_for(kind: str, options: dict[str, str], distribution: str | None) -> dict[str, object]:
    """The least spec that watches all that an installation brings."""
    where = {"distribution": distribution} if distribution else {}
    return {
        "apiVersion": "obsgen.dev/v1",
        "kind": "MonitoringStack",
        "metadata": {"name": "installed", "team": "platform"},
        "environment": {"cluster": "sim-1", "installation": {"kind": kind, **options}, **where},
        "routing": {"default": "nobody", "receivers": {"nobody": {"webhook": {"url": "http://nobody.svc:8080/"}}}},
        "kubernetes": dict.fromkeys(WATCHED),
    }
