"""Real systems that tell their own metrics, each alone on loopback."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import yaml

from tests.e2e.processes import Server, free_ports
from tests.e2e.tools import ROOT, binary, release

BOOKWORM = ROOT / ".tools" / "bookworm" / "usr" / "bin"

_HAPROXY = """
global
    maxconn 200
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
frontend metrics
    bind 127.0.0.1:{port}
    http-request use-service prometheus-exporter if {{ path /metrics }}
    default_backend metrics
backend metrics
    server itself 127.0.0.1:{port} check
"""


def haproxy(folder: Path) -> Server:
    """HAProxy with the exporter that is built into it, and one backend."""
    [port] = free_ports(1)
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "haproxy.cfg"
    config.write_text(_HAPROXY.format(port=port), encoding="utf-8")
    program = binary("haproxy")
    # One that is only unpacked finds its libraries beside it.
    libraries = ":".join(str(one) for one in (program.parent.parent / "lib").glob("*-linux-gnu"))
    command = ["env", f"LD_LIBRARY_PATH={libraries}", str(program), "-db", "-f", str(config)]
    return Server("haproxy", command, f"http://127.0.0.1:{port}/metrics", folder)


def etcd(folder: Path) -> Server:
    """A cluster of one member, which has no peers."""
    client, peer = free_ports(2)
    command = [
        str(binary("etcd")),
        "--data-dir=data",
        f"--listen-client-urls=http://127.0.0.1:{client}",
        f"--advertise-client-urls=http://127.0.0.1:{client}",
        f"--listen-peer-urls=http://127.0.0.1:{peer}",
    ]
    return Server("etcd", command, f"http://127.0.0.1:{client}/metrics", folder)


def node_exporter(folder: Path) -> Server:
    """The exporter of this machine."""
    [port] = free_ports(1)
    command = [str(binary("node_exporter")), f"--web.listen-address=127.0.0.1:{port}"]
    return Server("node_exporter", command, f"http://127.0.0.1:{port}/metrics", folder)


def blackbox_http(folder: Path) -> Server:
    """The answer of blackbox_exporter to a probe of itself by HTTP, through a name."""
    return _blackbox(folder, {"prober": "http"}, "http://localhost:{port}/metrics")


def blackbox_dns(folder: Path) -> Server:
    """Its answer to a probe of a resolver that is not there: the phases are told all the same."""
    return _blackbox(folder, {"prober": "dns", "dns": {"query_name": "example.com"}}, "127.0.0.1:{port}")


def blackbox_itself(folder: Path) -> Server:
    """What blackbox_exporter tells of itself."""
    server = _blackbox(folder, {"prober": "tcp"}, "127.0.0.1:{port}")
    return replace(server, ready_url=server.ready_url.partition("/probe")[0] + "/metrics")


def _blackbox(folder: Path, module: dict[str, object], target: str) -> Server:
    [port] = free_ports(1)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "blackbox.yaml").write_text(yaml.safe_dump({"modules": {"asked": {"timeout": "2s", **module}}}))
    command = [
        str(binary("blackbox_exporter")),
        "--config.file=blackbox.yaml",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    asked = urlencode({"module": "asked", "target": target.format(port=port)})
    return Server("blackbox_exporter", command, f"http://127.0.0.1:{port}/probe?{asked}", folder)


def mysqld_exporter(folder: Path) -> Server:
    """The exporter of an empty MariaDB, which asks nobody who they are."""
    port, exporting = free_ports(2)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    program = binary("mariadbd", BOOKWORM.parent / "sbin")
    # One that is only unpacked finds its libraries and texts beside it.
    installation = program.parent.parent
    libraries = ":".join(str(one) for one in (installation / "lib").glob("*-linux-gnu"))
    database = [
        *("env", f"LD_LIBRARY_PATH={libraries}", str(program), "--no-defaults", "--user=root", "--skip-grant-tables"),
        *(f"--datadir={folder / 'data'}", f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}"),
        *(f"--port={port}", "--bind-address=127.0.0.1", f"--lc-messages-dir={installation / 'share' / 'mysql'}"),
    ]
    exporter = [
        *("env", f"DATA_SOURCE_NAME=root@(127.0.0.1:{port})/", str(binary("mysqld_exporter"))),
        f"--web.listen-address=127.0.0.1:{exporting}",
    ]
    return Pair(
        "mysqld_exporter",
        exporter,
        f"http://127.0.0.1:{exporting}/metrics",
        folder,
        behind=Server("mariadb", database, "", folder),
    )


@dataclass(slots=True)
class Pair(Server):
    """A server with the one behind it that it tells of."""

    behind: Server | None = None

    def start(self) -> None:
        """Start both."""
        if self.behind:
            self.behind.start()
        # Not super(): a class with slots is made anew by its decorator.
        Server.start(self)

    def stop(self) -> None:
        """End both, the one behind last."""
        Server.stop(self)
        if self.behind:
            self.behind.stop()


def prometheus(folder: Path, installation: Path | None = None) -> Server:
    """Prometheus with a rule, an Alertmanager that is not there, and itself as its remote storage."""
    port, nobody = free_ports(2)
    address = f"127.0.0.1:{port}"
    folder.mkdir(parents=True, exist_ok=True)
    rule = {"record": "one", "expr": "vector(1)"}
    (folder / "rules.yaml").write_text(yaml.safe_dump({"groups": [{"name": "one", "rules": [rule]}]}))
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yaml"],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{nobody}"]}]}]},
        "scrape_configs": [{"job_name": "prometheus", "static_configs": [{"targets": [address]}]}],
        "remote_write": [{"url": f"http://{address}/api/v1/write"}],
    }
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(config))
    command = [
        str(release(installation).prometheus),
        "--config.file=prometheus.yaml",
        "--storage.tsdb.path=data",
        f"--web.listen-address={address}",
        "--web.enable-remote-write-receiver",
    ]
    return Server("prometheus", command, f"http://{address}/metrics", folder)


def victoria_metrics(folder: Path) -> Server:
    """VictoriaMetrics alone, with both limits of series, without which newer releases do not count what they drop."""
    [port] = free_ports(1)
    command = [
        str(binary("victoria-metrics", BOOKWORM)),
        "-storageDataPath=data",
        f"-httpListenAddr=127.0.0.1:{port}",
        "-storage.maxHourlySeries=1000",
        "-storage.maxDailySeries=1000",
    ]
    return Server("victoria-metrics", command, f"http://127.0.0.1:{port}/metrics", folder)


def alertmanager(folder: Path, installation: Path | None = None) -> Server:
    """Alertmanager as the only member of its cluster, with one receiver."""
    port, peers, nobody = free_ports(3)
    folder.mkdir(parents=True, exist_ok=True)
    receiver = {"name": "hook", "webhook_configs": [{"url": f"http://127.0.0.1:{nobody}"}]}
    (folder / "alertmanager.yaml").write_text(yaml.safe_dump({"route": {"receiver": "hook"}, "receivers": [receiver]}))
    command = [
        *release(installation).alertmanager,
        "--config.file=alertmanager.yaml",
        "--storage.path=data",
        f"--web.listen-address=127.0.0.1:{port}",
        f"--cluster.listen-address=127.0.0.1:{peers}",
    ]
    return Server("alertmanager", command, f"http://127.0.0.1:{port}/metrics", folder)
