"""Routing at work: an Alertmanager over what `build` wrote from two-teams.yaml, alerts by its API, and an inbox."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import yaml

import obsgen
from tests.e2e.monitoring import alertmanager_server
from tests.e2e.processes import Server, free_ports
from tests.e2e.receiver import Inbox, receiving
from tests.e2e.tools import Release

BASE = Path(__file__).parent / "specs" / "two-teams.yaml"

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Router:
    """The running Alertmanager, the spec that is said to be its and the one it was built from, and what was told."""

    spec: Path
    built: Path
    address: str
    server: Server
    inbox: Inbox

    def fire(self, *alerts: Labels) -> None:
        """Post the alerts as firing."""
        self._post(alerts, {})

    def resolve(self, *alerts: Labels) -> None:
        """Post the alerts as over."""
        self._post(alerts, {"endsAt": datetime.now(UTC).isoformat()})

    def _post(self, alerts: Sequence[Labels], times: Mapping[str, str]) -> None:
        body = [{"labels": dict(labels), "annotations": {"summary": "It is tried."}, **times} for labels in alerts]
        requests.post(f"http://{self.address}/api/v2/alerts", json=body, timeout=5).raise_for_status()

    def told(self) -> dict[str, list[list[str]]]:
        """By receiver its notifications of something that fires, each as its alerts' names and instances."""
        found: dict[str, list[list[str]]] = {}
        for one in self.inbox.notifications:
            if one.status == "firing":
                names = sorted(f"{alert['labels']['alertname']}/{alert['labels']['instance']}" for alert in one.alerts)
                found.setdefault(one.receiver, []).append(names)
        return {receiver: sorted(told) for receiver, told in found.items()}

    def held_back(self) -> set[str]:
        """Name, severity and instance of each alert that another one inhibits."""
        found = requests.get(f"http://{self.address}/api/v2/alerts", timeout=5).json()
        return {
            "/".join(one["labels"][name] for name in ("alertname", "severity", "instance"))
            for one in found
            if one["status"]["inhibitedBy"]
        }


@contextmanager
def running_router(folder: Path, release: Release, built: Mapping[str, Any] | None = None) -> Iterator[Router]:
    """Alertmanager, ready; with `built` it runs on another spec than the one that is said to be its."""
    [port] = free_ports(1)
    address = f"127.0.0.1:{port}"
    with receiving() as inbox:
        spec = _written(folder / "spec.yaml", release, inbox)
        source = spec if built is None else _over(folder / "built.yaml", spec, built)
        obsgen.build(source, folder / "manifests", ("prometheus",))
        server = alertmanager_server(release.alertmanager, folder / "manifests", address, folder)
        try:
            server.start()
            server.wait_until_ready()
            yield Router(spec, source, address, server, inbox)
        finally:
            server.stop()


def _written(path: Path, release: Release, inbox: Inbox) -> Path:
    receivers = yaml.safe_load(BASE.read_text(encoding="utf-8"))["routing"]["receivers"]
    now = datetime.now(UTC)
    changes = {
        "environment": {"alertmanager": {"version": release.alertmanager_version}},
        "routing": {
            "hours": {"awake": {"times": _around(now)}, "asleep": {"times": _around(now + timedelta(hours=12))}},
            "receivers": {name: {"webhook": {"url": inbox.url(name)}} for name in receivers},
        },
    }
    return _over(path, BASE, changes)


def _over(path: Path, base: Path, changes: Mapping[str, Any]) -> Path:
    beside = Path(shutil.copy(base, path.with_name(f"{path.stem}-base.yaml")))
    overlay = {"apiVersion": "obsgen.dev/v1", "kind": "MonitoringStack", "extends": [beside.name], **changes}
    path.write_text(yaml.safe_dump(overlay, sort_keys=False), encoding="utf-8")
    return path


def _around(moment: datetime) -> list[str]:
    """The hours from one hour before to one after; what runs over midnight is two ranges."""
    start, end = (moment + timedelta(hours=step) for step in (-1, 1))
    if start.date() == end.date():
        return [f"{start:%H:%M}-{end:%H:%M}"]
    return [f"{start:%H:%M}-24:00", *([f"00:00-{end:%H:%M}"] if f"{end:%H:%M}" != "00:00" else [])]
