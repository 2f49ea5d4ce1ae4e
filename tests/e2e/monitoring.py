"""The emitted monitoring at work: a Prometheus and an Alertmanager that run on what `build` wrote, unchanged."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml

import obsgen
from tests.e2e.processes import Server
from tests.e2e.receiver import Inbox
from tests.e2e.tools import Release

BASE = Path(__file__).parent / "specs" / "three-members.yaml"


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the spec must be told once the servers have their ports."""

    etcd: Sequence[str]
    node_exporter: str
    prometheus: str
    alertmanager: str


def write_spec(path: Path, addresses: Addresses, release: Release, inbox: Inbox) -> None:
    """An overlay with what is known only at run time; everything else stands in the base."""
    receivers = yaml.safe_load(BASE.read_text(encoding="utf-8"))["routing"]["receivers"]
    beside = Path(shutil.copy(BASE, path.with_name(f"{path.stem}-base.yaml")))
    overlay = {
        "apiVersion": "obsgen.dev/v1",
        "kind": "MonitoringStack",
        "extends": [beside.name],
        "environment": {
            "prometheus": {"version": release.prometheus_version},
            "alertmanager": {"version": release.alertmanager_version, "address": addresses.alertmanager},
        },
        "infrastructure": {"node": {"scrape": {"node-exporter": {"targets": [addresses.node_exporter]}}}},
        "kubernetes": {"etcd": {"scrape": {"etcd": {"targets": list(addresses.etcd)}}}},
        "routing": {"receivers": {name: {"webhook": {"url": inbox.url(name)}} for name in receivers}},
    }
    path.write_text(yaml.safe_dump(overlay, sort_keys=False), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Monitoring:
    """The two servers, and what they say of themselves."""

    manifests: Path
    prometheus: Server
    alertmanager: Server
    addresses: Addresses

    def rules(self) -> list[dict[str, Any]]:
        """Every rule as Prometheus holds it, with its health."""
        groups = self._prometheus("rules")["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def groups_by_alert(self) -> dict[str, set[str]]:
        """The rule groups in which each alert stands."""
        found: dict[str, set[str]] = {}
        for group in self._prometheus("rules")["groups"]:
            for rule in group["rules"]:
                found.setdefault(rule["name"], set()).add(group["name"])
        return found

    def targets(self) -> dict[str, str]:
        """The health of each target by its instance."""
        return {one["labels"]["instance"]: one["health"] for one in self._prometheus("targets")["activeTargets"]}

    def alerts(self) -> set[tuple[str, str, str]]:
        """Name, severity and state of each alert that is pending or fires in Prometheus."""
        return {
            (one["labels"]["alertname"], one["labels"]["severity"], one["state"])
            for one in self._prometheus("alerts")["alerts"]
        }

    def firing(self) -> set[tuple[str, str]]:
        """Name and severity of each alert that fires in Prometheus."""
        return {(name, severity) for name, severity, state in self.alerts() if state == "firing"}

    def inhibited(self) -> set[tuple[str, str]]:
        """Name and severity of each alert that Alertmanager holds back because of another one."""
        found = requests.get(f"http://{self.addresses.alertmanager}/api/v2/alerts", timeout=5).json()
        return {
            (one["labels"]["alertname"], one["labels"]["severity"]) for one in found if one["status"]["inhibitedBy"]
        }

    def _prometheus(self, path: str) -> Mapping[str, Any]:
        body = requests.get(f"http://{self.addresses.prometheus}/api/v1/{path}", timeout=5).json()
        assert body["status"] == "success", body
        found: Mapping[str, Any] = body["data"]
        return found


def monitoring(spec: Path, folder: Path, release: Release, addresses: Addresses) -> Monitoring:
    """Build the spec and make the servers that run on the result, not yet started."""
    manifests = folder / "manifests"
    obsgen.build(spec, manifests, ("prometheus",))
    return Monitoring(
        manifests,
        prometheus_server(release.prometheus, manifests / "prometheus.yaml", addresses.prometheus, folder),
        alertmanager_server(release.alertmanager, manifests, addresses.alertmanager, folder),
        addresses,
    )


def prometheus_server(program: Path, config: Path, address: str, folder: Path) -> Server:
    """A Prometheus over the configuration, not yet started."""
    command = [
        str(program),
        f"--config.file={config}",
        "--storage.tsdb.path=data",
        f"--web.listen-address={address}",
        # The watchdog fires before Alertmanager is discovered: what was lost then is sent again after this
        # time, a minute by default.
        "--rules.alert.resend-delay=2s",
    ]
    return Server("prometheus", command, f"http://{address}/-/ready", folder / "prometheus")


def alertmanager_server(launch: Sequence[str], manifests: Path, address: str, folder: Path) -> Server:
    """An Alertmanager over the configuration that was built, not yet started."""
    command = [
        *launch,
        f"--config.file={manifests / 'alertmanager' / 'alertmanager.yaml'}",
        "--storage.path=data",
        f"--web.listen-address={address}",
        # Alone: without this it would look for its like on a port of its own.
        "--cluster.listen-address=",
    ]
    return Server("alertmanager", command, f"http://{address}/-/ready", folder / "alertmanager")
