"""What a pack reads is what the real system exposes, by name and type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import requests

from obsgen.spec.library import load_pack, pack_folders
from tests.e2e import exporting
from tests.e2e.processes import Server
from tests.e2e.tools import folder_id, installed
from tests.e2e.waiting import wait_until

_TYPE = re.compile(r"^# TYPE (\S+) (\S+)$", re.MULTILINE)
_SERIES = re.compile(r"^(\w+)[{ ]", re.MULTILINE)
# A histogram's series carry these after its name.
_PARTS = re.compile(r"_(bucket|count|sum)$")


@dataclass(frozen=True, slots=True)
class System:
    """A system to start, its pack, and what a single idle one has no reason to expose."""

    pack: str
    start: Callable[[Path], Server]
    unseen: str = "up"
    release: str = ""
    # Whether it leaves the types of its metrics open.
    untyped: bool = False

    def asked(self, declared: Iterable[str]) -> set[str]:
        """Those of the declared metrics that it is asked for."""
        return {name for name in declared if not re.fullmatch(self.unseen, name)}


def _prometheus(folder: Path | None) -> System:
    # Volumes are told by the kubelets.
    unseen = "up|kubelet_.*"
    # 2.42 does not count the requests by which it finds targets in Kubernetes.
    older = f"{unseen}|prometheus_sd_kubernetes_failures_total"
    return System(
        "kubernetes/prometheus",
        partial(exporting.prometheus, installation=folder),
        older if folder_id(folder) == "bookworm" else unseen,
        folder_id(folder),
    )


def _alertmanager(folder: Path | None) -> System:
    # 0.25 does not count the times that it could not write its state.
    older = "up|alertmanager_(nflog|silences)_maintenance_errors_total"
    return System(
        "kubernetes/alertmanager",
        partial(exporting.alertmanager, installation=folder),
        older if folder_id(folder) == "bookworm" else "up",
        folder_id(folder),
    )


def _go(folder: Path | None) -> System:
    # The classes of CPU time are collected where the program asks for them.
    return System(
        "application/go",
        partial(exporting.prometheus, installation=folder),
        "up|go_cpu_classes_.*",
        folder_id(folder),
    )


SYSTEMS = [
    System("infrastructure/haproxy", exporting.haproxy),
    # No peers, and the machine's hardware and kernel decide which collectors have something to tell.
    System("kubernetes/etcd", exporting.etcd, "up|etcd_network_(active_)?peer.*"),
    System(
        "infrastructure/node",
        exporting.node_exporter,
        "up|kube_node_.*|node_(bonding|disk|edac|filesystem|hwmon|md|network|nf_conntrack|systemd|vmstat|textfile|memory_Swap|zfs)_?.*",
    ),
    # Each prober tells its own; ICMP wants rights that a test has not.
    System(
        "infrastructure/blackbox",
        exporting.blackbox_http,
        "up|blackbox_exporter_.*|probe_(icmp|dns_duration)_.*",
        "http",
    ),
    System("infrastructure/blackbox", exporting.blackbox_dns, "(?!probe_dns_).*", "dns"),
    System("infrastructure/blackbox", exporting.blackbox_itself, "(?!blackbox_).*", "itself"),
    # A primary without replicas, and MySQL's own names for what MariaDB says otherwise. Debian's exporter is 0.14.
    System(
        "application/mysql",
        exporting.mysqld_exporter,
        "up|mysql_slave_status_.*|mysql_info_schema_innodb_metrics_.*|mysql_exporter_collector_success",
        untyped=True,
    ),
    # One that is no cluster has nobody to send rows to or to ask for a part of an answer.
    # Debian's is 1.79, which counts what the limits of series turn away and does not tell how near they are.
    System(
        "kubernetes/victoriametrics",
        exporting.victoria_metrics,
        "up|vm_rpc_.*|vm_partial_results_total|vm_(hourly|daily)_series_limit_(current|max)_series",
        untyped=True,
    ),
    # Older ones have a client_golang without the limit of memory.
    _go(installed("sid")[0]),
    System("application/probe", exporting.blackbox_http),
    *map(_prometheus, installed("bookworm", "sid")),
    *map(_alertmanager, installed("bookworm", "sid")),
]


@pytest.fixture(params=SYSTEMS, ids=lambda system: "-".join(filter(None, (system.pack, system.release))))
def system(request):
    return request.param


@pytest.fixture
def exposition(system, tmp_path):
    """What the system tells of itself at the moment of asking."""
    server = system.start(tmp_path)
    try:
        server.start()
        server.wait_until_ready()
        yield lambda: requests.get(server.ready_url, timeout=5).text
    finally:
        server.stop()


@pytest.mark.e2e
def test_every_metric_of_the_pack_is_exposed_with_its_type(system, exposition):
    declared = load_pack(pack_folders()[system.pack.partition("/")[2]]).spec.metric_types
    asked = {name: declared[name] for name in system.asked(declared)}
    assert asked
    # Some begin only with the first work that is done.
    wait_until(
        lambda: sorted(asked.keys() - set(_SERIES.findall(exposition()))),
        lambda missing: missing == [],
        what=f"all metrics of '{system.pack}' are exposed",
    )
    types = dict(_TYPE.findall(exposition()))
    # What the format says of a metric that comes without a type.
    told = {
        name: types.get(_PARTS.sub("", name) if kind == "histogram" else name, "untyped")
        for name, kind in asked.items()
    }
    open_types = {"untyped"} if system.untyped else set()
    assert {name: told[name] for name in asked if told[name] not in {asked[name], *open_types}} == {}
