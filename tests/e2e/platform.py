"""Everything that the scenario runs: etcd, a machine's exporter, the emitted monitoring and the receivers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e import tools
from tests.e2e.etcd import Member, three_members
from tests.e2e.monitoring import Addresses, Monitoring, monitoring, write_spec
from tests.e2e.processes import Server, free_ports
from tests.e2e.receiver import Inbox, receiving
from tests.e2e.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Platform:
    """The running servers and what was heard of them."""

    members: tuple[Member, ...]
    node_exporter: Server
    monitoring: Monitoring
    inbox: Inbox
    timeline: Timeline

    @property
    def servers(self) -> tuple[Server, ...]:
        """Every process, in the order in which they start."""
        own = (self.monitoring.alertmanager, self.monitoring.prometheus)
        return (*(member.server for member in self.members), self.node_exporter, *own)

    @property
    def names(self) -> dict[str, str]:
        """What each instance is called."""
        members = {member.address: member.name for member in self.members}
        return {**members, self.monitoring.addresses.node_exporter: self.node_exporter.name}

    def history(self) -> str:
        """What happened and who was told, a line each."""
        return self.timeline.text(self.inbox.changes(), self.names)


@contextmanager
def running_platform(folder: Path, release: tools.Release) -> Iterator[Platform]:
    """All servers up and ready; at the end exactly these are stopped."""
    with ExitStack() as ending:
        platform = _assembled(folder, release, ending.enter_context(receiving()))
        for server in platform.servers:
            ending.callback(server.stop)
            server.start()
        for server in platform.servers:
            server.wait_until_ready()
        platform.timeline.note("all servers are ready")
        yield platform


def _assembled(folder: Path, release: tools.Release, inbox: Inbox) -> Platform:
    *etcd, exporter, prometheus, alertmanager = free_ports(9)
    members = three_members(tools.binary("etcd"), folder, etcd)
    addresses = Addresses(
        etcd=[member.address for member in members],
        node_exporter=f"127.0.0.1:{exporter}",
        prometheus=f"127.0.0.1:{prometheus}",
        alertmanager=f"127.0.0.1:{alertmanager}",
    )
    write_spec(folder / "spec.yaml", addresses, release, inbox)
    return Platform(
        tuple(members),
        _node_exporter(tools.binary("node_exporter"), addresses.node_exporter, folder),
        monitoring(folder / "spec.yaml", folder, release, addresses),
        inbox,
        Timeline(),
    )


def _node_exporter(program: Path, address: str, folder: Path) -> Server:
    command = [
        str(program),
        f"--web.listen-address={address}",
        # A process that this machine kills for want of memory would be a true alert, and none of the test's.
        "--no-collector.vmstat",
        # Neither is sure to exist where the test runs, and both complain at every scrape.
        "--no-collector.systemd",
        "--no-collector.textfile",
    ]
    return Server("node-exporter", command, f"http://{address}/metrics", folder / "node-exporter")
