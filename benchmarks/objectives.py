"""What a thousand objectives cost: to build, as a ratio to an eighth of them, and to evaluate every minute.

    python benchmarks/objectives.py [--objectives 10000] [--prometheus FOLDER]

Times are CPU seconds of `obsgen build` as a process of its own, the ratio taken within one run: linear growth reads 8
at most. What is built is rules and routes; dashboards, which nobody has by the thousand, are left out. With
`--prometheus` the folder's Prometheus loads the rules of a thousand while it scrapes their counters for some minutes,
and says how long one evaluation of every group takes in sum; a third of a minute is the most it may.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from threading import Thread

import requests
import yaml

MANY, SHARE = 1000, 8
OBJECTIVES_EACH = 5
ROUNDS = 3
INTERVAL_SECONDS = 60
# Groups are spread over the minute; after three of them every rule has something to read, and was evaluated twice.
SETTLED_SECONDS = 200
_TARGETS = ("99%", "99.5%", "99.9%", "99.95%", "99.99%")


def spec_with(objectives: int, folder: Path) -> Path:
    """Services with five objectives each, as many as make so many objectives."""
    applications = {
        f"service-{number}": {
            "team": "commerce",
            "namespace": "shop",
            "objectives": {
                f"success-{index}": {
                    "target": target,
                    "period": "30d",
                    "errors": f'requests_total{{job="service-{number}",route="{index}",code=~"5.."}}',
                    "total": f'requests_total{{job="service-{number}",route="{index}"}}',
                }
                for index, target in enumerate(_TARGETS)
            },
        }
        for number in range(objectives // OBJECTIVES_EACH)
    }
    body = {
        "apiVersion": "obsgen.dev/v1",
        "kind": "MonitoringStack",
        "metadata": {"name": "objectives"},
        "environment": {
            "cluster": "c1",
            "grafana": {"delivery": "none"},
            "runbooks": {"base_url": "https://git.example.com/runbooks"},
        },
        "applications": applications,
        "routing": {
            "default": "chat",
            "teams": {"commerce": {"default": "chat"}},
            "receivers": {"chat": {"webhook": {"url": "http://chat.example.com/"}}},
        },
    }
    path = folder / f"{objectives}.yaml"
    path.write_text(yaml.safe_dump(body))
    return path


def build(spec: Path, out: Path, target: str = "prometheus-operator") -> None:
    """Run `obsgen build`."""
    program = Path(sys.executable).with_name("obsgen")
    command = [str(program), "build", str(spec), "-o", str(out), "-t", target]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def build_seconds(spec: Path, out: Path) -> float:
    """CPU seconds of a build for the operator."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    build(spec, out)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Counters(BaseHTTPRequestHandler):
    """Counters of every objective: two series of failures and three of successes for each."""

    steps = (("200", 300), ("201", 30), ("404", 3), ("500", 1), ("503", 1))

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write("".join(self._lines(int(time.time()))).encode())

    def _lines(self, now: int) -> Iterator[str]:
        for number in range(MANY // OBJECTIVES_EACH):
            for index in range(OBJECTIVES_EACH):
                for code, step in self.steps:
                    labels = f'cluster="c1",job="service-{number}",namespace="shop",route="{index}",code="{code}"'
                    yield f"requests_total{{{labels}}} {now * step}\n"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing of each scrape."""


@contextmanager
def counters() -> Iterator[str]:
    """The address of a server of these counters."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Counters) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def prometheus(tools: Path, rules: Path, folder: Path) -> Iterator[str]:
    """The URL of a server that scrapes the counters, with the rules loaded."""
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    with counters() as target:
        job = {"job_name": "counters", "honor_labels": True, "static_configs": [{"targets": [target]}]}
        body = {
            "global": {"evaluation_interval": "1m", "scrape_interval": "15s"},
            "scrape_configs": [job],
            "rule_files": [str(rules / "*.yaml")],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(body))
        command = [
            str(tools / "prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={address}",
            "--log.level=error",
        ]
        with subprocess.Popen(command) as process:
            try:
                yield f"http://{address}"
            finally:
                process.terminate()


def evaluation(url: str) -> tuple[int, int, float]:
    """Groups, rules and the summed seconds of each group's last evaluation."""
    time.sleep(SETTLED_SECONDS)
    groups = requests.get(f"{url}/api/v1/rules", timeout=60).json()["data"]["groups"]
    sick = [rule["lastError"] for group in groups for rule in group["rules"] if rule["health"] != "ok"]
    if sick:
        sys.exit(f"{len(sick)} rules are not well: {sick[0]}")
    return len(groups), sum(len(one["rules"]) for one in groups), sum(one["evaluationTime"] for one in groups)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--prometheus", type=Path, metavar="FOLDER", help="a folder with promtool and prometheus")
    parser.add_argument("--objectives", type=int, default=MANY, help=f"how many to build (default {MANY})")
    chosen = parser.parse_args()
    tools, counts = chosen.prometheus, (chosen.objectives // SHARE, chosen.objectives)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = {
            count: [build_seconds(spec, folder / f"out-{count}-{number}") for number in range(ROUNDS)]
            for count in counts
            for spec in [spec_with(count, folder)]
        }
        few, many = (statistics.median(measured[count]) for count in counts)
        print(f"{counts[0]:>5} objectives: {few:.2f} s of CPU")
        print(f"{counts[1]:>5} objectives: {many:.2f} s of CPU, {many / few:.2f} times as much")
        if tools:
            build(spec_with(MANY, folder), folder / "rules-of-many", "prometheus")
            with prometheus(tools, folder / "rules-of-many" / "rules", folder) as url:
                groups, rules, seconds = evaluation(url)
            share = seconds / INTERVAL_SECONDS
            print(f"{rules} rules in {groups} groups are evaluated in {seconds:.2f} s: {share:.1%} of a minute")


if __name__ == "__main__":
    main()
