"""Rules that were built, evaluated over samples that are there already: by Prometheus, or by vmalert."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import requests
import yaml

from obsgen.live.offline import serve_openmetrics
from tests.e2e.exporting import BOOKWORM, victoria_metrics
from tests.e2e.monitoring import prometheus_server
from tests.e2e.processes import Server, free_ports
from tests.e2e.tools import Release, binary

# The samples, the folder that was built, and the Alertmanager to tell; gives the URL of what evaluates.
Evaluator = Callable[[Path, Path, str], AbstractContextManager[str]]


def in_prometheus(release: Release) -> Evaluator:
    """A Prometheus that reads the samples from another one, whose blocks may reach into the future."""

    @contextmanager
    def over(samples: Path, built: Path, alertmanager: str) -> Iterator[str]:
        with serve_openmetrics(samples, tools=release.prometheus.parent) as url:
            config = {
                # No external labels: what a rule does not set, the alert does not have.
                "global": {"evaluation_interval": "2s"},
                "rule_files": ["rules/*.yaml"],
                "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
                "remote_read": [{"url": f"{url}/api/v1/read", "read_recent": True}],
            }
            (built / "evaluating.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
            [port] = free_ports(1)
            address = f"127.0.0.1:{port}"
            server = prometheus_server(release.prometheus, built / "evaluating.yaml", address, built.parent)
            with _running(server):
                yield f"http://{address}"

    return over


@contextmanager
def in_vmalert(samples: Path, built: Path, alertmanager: str) -> Iterator[str]:
    """vmalert over a VictoriaMetrics that has taken the samples in."""
    store = victoria_metrics(built.parent / "victoria-metrics")
    with _running(store):
        database = store.ready_url.removesuffix("/metrics")
        _take_in(samples, database)
        [port] = free_ports(1)
        address = f"127.0.0.1:{port}"
        command = [
            str(binary("vmalert", BOOKWORM)),
            f"-rule={built / 'rules' / '*.yaml'}",
            f"-datasource.url={database}",
            f"-remoteWrite.url={database}",
            f"-notifier.url=http://{alertmanager}",
            "-evaluationInterval=2s",
            f"-httpListenAddr={address}",
        ]
        with _running(Server("vmalert", command, f"http://{address}/health", built.parent / "vmalert")):
            yield f"http://{address}"


def _take_in(samples: Path, database: str) -> None:
    """Import OpenMetrics, whose times are seconds, where Prometheus' text is read, whose times are milliseconds."""
    lines = samples.read_text(encoding="utf-8").removesuffix("# EOF\n").splitlines()
    body = "".join(f"{line}000\n" for line in lines).encode()
    requests.post(f"{database}/api/v1/import/prometheus", data=body, timeout=60).raise_for_status()
    # Only what is flushed is found at once.
    requests.get(f"{database}/internal/force_flush", timeout=60).raise_for_status()


@contextmanager
def _running(server: Server) -> Iterator[None]:
    server.start()
    try:
        server.wait_until_ready()
        yield
    finally:
        server.stop()
