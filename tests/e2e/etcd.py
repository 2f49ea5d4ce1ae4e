"""A real cluster of three etcd members on loopback."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import requests

from tests.e2e.processes import Server
from tests.e2e.waiting import wait_until

QUOTA_BYTES = 16 * 1024 * 1024
_MEMBERS = 3
# The file of an empty member has some 20 kB.
_EMPTIED_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its server and the address at which it serves clients and metrics."""

    server: Server
    address: str

    @property
    def name(self) -> str:
        """`etcd-1`."""
        return self.server.name

    def leads(self) -> bool:
        """Whether the member itself says that it is the leader."""
        status = self.call("maintenance/status", {})
        return bool(status["leader"] == status["header"]["member_id"])

    def call(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """One request to etcd's own API."""
        answer = requests.post(f"http://{self.address}/v3/{method}", json=body, timeout=10)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def three_members(etcd: Path, folder: Path, ports: Sequence[int]) -> list[Member]:
    """The members, not yet started; two ports are taken for each."""
    clients = [f"127.0.0.1:{port}" for port in ports[:_MEMBERS]]
    peers = [f"127.0.0.1:{port}" for port in ports[_MEMBERS : 2 * _MEMBERS]]
    names = [f"etcd-{number}" for number in range(1, _MEMBERS + 1)]
    cluster = ",".join(f"{name}=http://{peer}" for name, peer in zip(names, peers, strict=True))
    return [
        Member(
            Server(name, _command(etcd, name, client, peer, cluster), f"http://{client}/health", folder / name),
            client,
        )
        for name, client, peer in zip(names, clients, peers, strict=True)
    ]


def _command(etcd: Path, name: str, client: str, peer: str, cluster: str) -> list[str]:
    return [
        str(etcd),
        f"--name={name}",
        "--data-dir=data",
        f"--listen-client-urls=http://{client}",
        f"--advertise-client-urls=http://{client}",
        f"--listen-peer-urls=http://{peer}",
        f"--initial-advertise-peer-urls=http://{peer}",
        f"--initial-cluster={cluster}",
        "--initial-cluster-state=new",
        f"--quota-backend-bytes={QUOTA_BYTES}",
        "--logger=zap",
    ]


def fill(member: Member, count: int, size: int = 1_000_000) -> int:
    """Write `count` values of `size` bytes; returns the revision after the last."""
    value = base64.b64encode(b"x" * size).decode()
    answers = [
        member.call("kv/put", {"key": base64.b64encode(f"ballast-{number}".encode()).decode(), "value": value})
        for number in range(count)
    ]
    return int(answers[-1]["header"]["revision"])


def empty(members: Sequence[Member]) -> None:
    """Delete everything, forget its history, and give the space back: what the runbook tells a person to do."""
    everything = base64.b64encode(b"\0").decode()
    deleted = members[0].call("kv/deleterange", {"key": everything, "range_end": everything})
    members[0].call("kv/compaction", {"revision": deleted["header"]["revision"], "physical": True})
    for member in members:
        # Each compacts at its own pace, and a defragmentation before that gives nothing back.
        small = partial(_defragmented_size, member)
        wait_until(small, lambda size: size < _EMPTIED_BYTES, what=f"the file of '{member.name}' has shrunk")


def _defragmented_size(member: Member) -> int:
    """Defragment the member; returns the size of its file in bytes afterwards."""
    member.call("maintenance/defragment", {})
    return int(member.call("maintenance/status", {})["dbSize"])
