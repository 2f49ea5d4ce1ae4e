"""What runs in a made-up cluster: containers with their requests and limits, by how much a pod needs."""

from __future__ import annotations

from typing import Final

from obsgen.simulate.cluster import Amounts, Container, Workload

MI: Final = 2**20
GI: Final = 2**30
TEAMS: Final = ("commerce", "payments", "search", "analytics", "identity", "logistics")
SERVICES: Final = ("orders", "cart", "catalog", "checkout", "ledger", "accounts", "profile", "routing", "stock", "mail")

# A pod's main container in three sizes; together they ask for less than the machines have.
SIZES: Final = ((0.05, 128), (0.1, 256), (0.2, 512))


def main_container(name: str, size: int, *, limited: bool) -> Container:
    """An application's container; without limits where nobody has set them."""
    cores, mebibytes = SIZES[size]
    asked = Amounts(cores, mebibytes * MI, ephemeral_storage=64 * MI)
    most = Amounts(cores * 4, mebibytes * MI * 3, ephemeral_storage=256 * MI) if limited else Amounts()
    return Container(name, asked, most, Amounts(cores, mebibytes * MI, ephemeral_storage=20 * MI))


def exporter() -> Container:
    """A second container that states no limit of CPU."""
    return Container("exporter", Amounts(0.02, 32 * MI), Amounts(0, 64 * MI), Amounts(0.01, 24 * MI))


def migration() -> Container:
    """An init container that asks for more than all that follows."""
    return Container("migrate", Amounts(0.4, 768 * MI), Amounts(2.0, GI), Amounts(), role="init")


def proxy() -> Container:
    """A native sidecar."""
    return Container("mesh-proxy", Amounts(0.03, 48 * MI), Amounts(0.5, 128 * MI), Amounts(0.02, 40 * MI), "sidecar")


def trainer() -> Container:
    """What holds a GPU."""
    device = Amounts(0.1, 256 * MI, nvidia_com_gpu=1)
    return Container("train", device, device, Amounts(0.09, 200 * MI))


def daemons(replicas: int) -> tuple[Workload, ...]:
    """What runs on every node."""
    agent = Container("calico-node", Amounts(0.1, 0), Amounts(), Amounts(0.08, 160 * MI))
    node_exporter = Container("node-exporter", Amounts(0.05, 64 * MI), Amounts(0.2, 256 * MI), Amounts(0.02, 48 * MI))
    # Small in CPU, so that the few per cent by which a restart blurs a rate do not show; large in memory.
    reloader = Container("reloader", Amounts(0.01, 256 * MI), Amounts(0, 512 * MI), Amounts(0.0002, 240 * MI))
    return (
        Workload("kube-system", "DaemonSet", "calico-node", (agent,), replicas),
        Workload("monitoring", "DaemonSet", "node-exporter", (node_exporter, reloader), replicas),
    )
