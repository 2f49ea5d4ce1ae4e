import json
from pathlib import Path

import pytest

from obsgen.emit.grafana.load import dashboard_json
from obsgen.ir.bundle import Bundle
from obsgen.ir.views import PackView, SignalRow, SignalView, ThresholdLine, ViewVariable
from obsgen.lower.objective_views import objectives_view
from obsgen.lower.views import views
from tests.promised import GAUGE, objective, orders_with

VIEWS = Path(__file__).parents[3] / "dashboards"
NODE = 'job="node-exporter",cluster=~"$cluster",instance=~"$instance"'
ETCD = 'job="etcd",cluster=~"$cluster"'


@pytest.fixture
def views_folder():
    return VIEWS


@pytest.fixture
def node_view():
    return PackView(
        uid="obsgen-node",
        title="Nodes",
        about="Machines as node_exporter sees them.",
        folder="Infrastructure",
        layer="infrastructure",
        component="node",
        variables=(
            ViewVariable("cluster", "cluster", "Cluster", 'up{job="node-exporter"}'),
            ViewVariable("instance", "instance", "Instance", "node_uname_info"),
        ),
        rows=(
            SignalRow("Compute", (CPU, LOAD, MEMORY)),
            SignalRow("Disks", (DISK_IO, DISK_SPACE, READ_ONLY)),
            SignalRow("Network and clock", (RECEIVED, CLOCK), collapsed=True),
        ),
        tags=("node",),
        runbook_url="https://git.example.com/ops/runbooks/node.md",
    )


@pytest.fixture
def etcd_view():
    return PackView(
        uid="obsgen-etcd",
        title="etcd",
        about="The store of the cluster's state.",
        folder="Kubernetes",
        layer="kubernetes",
        component="etcd",
        variables=(ViewVariable("cluster", "cluster", "Cluster", "etcd_server_has_leader"),),
        rows=(
            SignalRow("Consensus", (LEADER, LEADER_CHANGES)),
            SignalRow("Storage", (FSYNC, QUOTA)),
            SignalRow("Traffic", (PEERS, CLIENTS)),
        ),
        tags=("etcd", "control-plane"),
    )


@pytest.fixture(params=["node_view", "etcd_view"])
def any_view(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def drawn(any_view):
    return json.loads(dashboard_json(any_view, VIEWS))


@pytest.fixture
def node_dashboard(node_view):
    return json.loads(dashboard_json(node_view, VIEWS))


@pytest.fixture
def etcd_dashboard(etcd_view):
    return json.loads(dashboard_json(etcd_view, VIEWS))


CPU = SignalView(
    name="cpu_utilization",
    title="CPU utilization",
    about="Share of all cores that is not idle.",
    unit="percentunit",
    expr=f'1 - avg by (instance) (rate(node_cpu_seconds_total{{mode="idle",{NODE}}}[$__rate_interval]))',
    legend="{{instance}}",
    lines=(ThresholdLine(0.8, "warning", True), ThresholdLine(0.9, "critical", True)),
    alerts=("NodeCPUUtilizationHigh",),
    minimum=0,
    maximum=1,
)
LOAD = SignalView(
    name="load",
    title="Load per core",
    about="Running and waiting processes for each core.",
    unit="short",
    expr=f"sum by (cluster, instance) (node_load5{{{NODE}}})",
    legend="{{instance}}",
    decimals=2,
)
MEMORY = SignalView(
    name="memory_available",
    title="Memory available",
    about="Share of memory that can still be given out.",
    unit="percentunit",
    expr=f"node_memory_MemAvailable_bytes{{{NODE}}} / node_memory_MemTotal_bytes{{{NODE}}}",
    legend="{{instance}}",
    lines=(ThresholdLine(0.05, "critical", False), ThresholdLine(0.15, "warning", False)),
    alerts=("NodeMemoryLow", "NodeMemoryExhausted"),
    minimum=0,
    maximum=1,
)
DISK_IO = SignalView(
    name="disk_io_utilization",
    title="Disk I/O utilization",
    about="Share of time in which a disk was busy.",
    unit="percentunit",
    expr=f"rate(node_disk_io_time_seconds_total{{{NODE}}}[$__rate_interval])",
    legend="{{instance}} {{device}}",
    lines=(ThresholdLine(0.1, "warning", True),),
    alerts=("NodeDiskIOUtilizationHigh",),
    minimum=0,
    maximum=1,
)
DISK_SPACE = SignalView(
    name="disk_space",
    title="Disk space",
    about="Share of a file system that is used.",
    unit="percentunit",
    expr=f"1 - node_filesystem_avail_bytes{{{NODE}}} / node_filesystem_size_bytes{{{NODE}}}",
    legend="{{instance}} {{mountpoint}}",
    lines=(ThresholdLine(0.85, "info", True), ThresholdLine(0.95, "critical", True)),
    alerts=("NodeDiskSpaceLow",),
    minimum=0,
    maximum=1,
)
READ_ONLY = SignalView(
    name="read_only",
    title="Read-only file systems",
    about="File systems that the kernel has made read-only.",
    unit="short",
    expr=f"sum by (cluster, instance) (node_filesystem_readonly{{{NODE}}})",
    legend="{{instance}}",
    lines=(ThresholdLine(0, "critical", True),),
    alerts=("NodeFilesystemReadOnly",),
    decimals=0,
)
RECEIVED = SignalView(
    name="received",
    title="Received",
    about="Bytes received by all interfaces.",
    unit="Bps",
    expr=f"sum by (cluster, instance) (rate(node_network_receive_bytes_total{{{NODE}}}[$__rate_interval]))",
    legend="",
)
CLOCK = SignalView(
    name="clock_offset",
    title="Clock offset",
    about="Seconds by which the clock is ahead.",
    unit="s",
    expr=f"node_timex_offset_seconds{{{NODE}}}\n",
    legend="{{instance}}",
    lines=(ThresholdLine(-0.05, "warning", False), ThresholdLine(0.05, "warning", True)),
    alerts=("NodeClockSkew",),
)

LEADER = SignalView(
    name="has_leader",
    title="Members with a leader",
    about="1 where a member knows its leader.",
    unit="short",
    expr=f"etcd_server_has_leader{{{ETCD}}}",
    legend="{{instance}}",
    lines=(ThresholdLine(1, "critical", False),),
    alerts=("EtcdNoLeader",),
    minimum=0,
    maximum=1,
    decimals=0,
)
LEADER_CHANGES = SignalView(
    name="leader_changes",
    title="Leader changes",
    about="Elections won by another member than before.",
    unit="short",
    expr=f"increase(etcd_server_leader_changes_seen_total{{{ETCD}}}[15m])",
    legend="{{instance}}",
    lines=(ThresholdLine(3, "warning", True),),
    alerts=("EtcdLeaderChangesOften",),
)
FSYNC = SignalView(
    name="fsync",
    title="WAL fsync, 99th percentile",
    about="Time until a write is safe on disk.",
    unit="s",
    expr=(
        "histogram_quantile(0.99, sum by (cluster, instance, le) "
        f"(rate(etcd_disk_wal_fsync_duration_seconds_bucket{{{ETCD}}}[$__rate_interval])))"
    ),
    legend="{{instance}}",
    lines=(ThresholdLine(0.5, "warning", True), ThresholdLine(1, "critical", True)),
    alerts=("EtcdFsyncSlow",),
)
QUOTA = SignalView(
    name="quota",
    title="Database quota used",
    about="Share of the space quota that the database takes.",
    unit="percentunit",
    expr=f"etcd_mvcc_db_total_size_in_bytes{{{ETCD}}} / etcd_server_quota_backend_bytes{{{ETCD}}}",
    legend="{{instance}}",
    lines=(ThresholdLine(0.8, "warning", True), ThresholdLine(0.95, "critical", True)),
    alerts=("EtcdDatabaseQuotaLow",),
    minimum=0,
    maximum=1,
)
PEERS = SignalView(
    name="peer_round_trip",
    title="Peer round trip",
    about="",
    unit="s",
    expr=(
        "histogram_quantile(0.99, sum by (cluster, instance, le) "
        f"(rate(etcd_network_peer_round_trip_time_seconds_bucket{{{ETCD}}}[$__rate_interval])))"
    ),
    legend="{{instance}}",
)
CLIENTS = SignalView(
    name="client_received",
    title="Received from clients",
    about="Bytes that clients send; a member that receives none is cut off.",
    unit="Bps",
    expr=f"rate(etcd_network_client_grpc_received_bytes_total{{{ETCD}}}[$__rate_interval])",
    legend="{{instance}}",
)


@pytest.fixture
def promising(example):
    """The example's stack, its orders with objectives over all events, by region, and over a month of time."""
    stack, _ = orders_with(
        example,
        objective("success"),
        objective("regional", by=("region", "sales_channel")),
        objective("reachable", sli=GAUGE, calendar=True, alerts=()),
    )
    return stack


@pytest.fixture
def promising_bundle(promising):
    return views(promising, Bundle())


@pytest.fixture
def orders_objectives(promising_bundle):
    return next(view for view in promising_bundle.views if view.kind == "objectives")


@pytest.fixture
def many_objectives(example):
    stack, orders = orders_with(example, *(objective(f"promise-{number}", by=("zone",)) for number in range(9)))
    return objectives_view(orders, stack)


@pytest.fixture
def objectives_dashboard(orders_objectives):
    return json.loads(dashboard_json(orders_objectives, VIEWS))
