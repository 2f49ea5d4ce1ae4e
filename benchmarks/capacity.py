"""What a capacity report costs beside what Prometheus needs for its queries in any case.

    python benchmarks/capacity.py [--nodes 500] [--pods-per-node 50] [--prometheus FOLDER]

A simulated cluster is loaded into a private Prometheus. The report runs as a process of its own, several times; the
same queries are then asked one by one with `stats=all`, and their `execTotalTime` is added up: that is the server's
share, which no client can undercut. Said are the ratio of both, the requests, and the client's memory.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

from obsgen.live.capacity import DEFAULT_WINDOW
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.live.probe import probe
from obsgen.live.queries import capacity_queries, probe_queries
from obsgen.live.selectors import Scope
from obsgen.query.prometheus import Prometheus
from obsgen.simulate.exposition import write_openmetrics
from obsgen.simulate.settings import Settings
from obsgen.simulate.world import make_world

ROUNDS = 5
REPORT = """
import sys
from pathlib import Path
from obsgen.live.capacity import capacity
from obsgen.query.prometheus import Prometheus
from obsgen.report.capacity_json import capacity_json_parts
with Prometheus(sys.argv[1], timeout=120) as prometheus:
    written = sum(map(len, capacity_json_parts(capacity(prometheus, at=float(sys.argv[2])))))
# What getrusage says would include the process that started this one.
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""


def simulated(nodes: int, pods_per_node: int, path: Path) -> int:
    """Write the samples; gives their number."""
    with path.open("w") as out:
        return write_openmetrics(make_world(Settings(nodes=nodes, pods_per_node=pods_per_node)), out)


def report(url: str, at: float) -> tuple[float, float]:
    """Wall seconds and MiB of one report as a process of its own."""
    start = time.perf_counter()
    command = [sys.executable, "-c", REPORT, url, str(at)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, int(done.stdout) / 1024


def queries_at(url: str, at: float) -> tuple[dict[str, str], float]:
    """Every query of the report, and the moment that it asks about."""
    with Prometheus(url) as prometheus:
        probed = probe(prometheus, Scope(), at=at)
    return {**probe_queries(Scope()), **capacity_queries(Scope(), probed.node_label, DEFAULT_WINDOW)}, probed.at


def server_seconds(url: str, query: str, at: float) -> float:
    """What Prometheus itself says that it took."""
    body = {"query": query, "time": f"{at:.3f}", "stats": "all", "timeout": "120s"}
    answer = requests.post(f"{url}/api/v1/query", data=body, timeout=130)
    answer.raise_for_status()
    seconds: float = answer.json()["data"]["stats"]["timings"]["execTotalTime"]
    return seconds


def requests_seen(url: str) -> int:
    """API requests that the server has answered."""
    lines = requests.get(f"{url}/metrics", timeout=10).text.splitlines()
    counted = [line for line in lines if line.startswith("prometheus_http_requests_total") and "/api/v1/" in line]
    return sum(int(float(line.rpartition(" ")[2])) for line in counted)


def measure(url: str, at: float) -> None:
    """Print what a report costs, and what of it is the server's."""
    report(url, at)
    before = requests_seen(url)
    reports = [report(url, at) for _ in range(ROUNDS)]
    asked = (requests_seen(url) - before) / ROUNDS
    queries, moment = queries_at(url, at)
    rounds = [{name: server_seconds(url, text, moment) for name, text in queries.items()} for _ in range(ROUNDS)]
    each = {name: statistics.median(one[name] for one in rounds) for name in queries}
    wall, server = statistics.median(seconds for seconds, _ in reports), sum(each.values())
    memory = max(mebibytes for _, mebibytes in reports)
    for name, seconds in sorted(each.items(), key=lambda item: -item[1])[:6]:
        print(f"  {seconds:7.3f} s  {name}")
    print(f"report {wall:.2f} s, its queries in Prometheus {server:.2f} s: {wall / server:.2f} times")
    print(f"{asked:.0f} requests for {len(queries)} queries; the client had {memory:.0f} MiB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=500)
    parser.add_argument("--pods-per-node", type=int, default=50)
    parser.add_argument("--prometheus", type=Path, metavar="FOLDER", help="a folder with promtool and prometheus")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "samples.om"
        start = time.perf_counter()
        samples = simulated(chosen.nodes, chosen.pods_per_node, path)
        wrote, size = time.perf_counter() - start, path.stat().st_size / 2**20
        print(f"{samples} samples, {size:.0f} MiB, written in {wrote:.1f} s")
        at = newest_sample(path)
        start = time.perf_counter()
        with serve_openmetrics(path, tools=chosen.prometheus) as url:
            print(f"loaded in {time.perf_counter() - start:.1f} s")
            measure(url, at)


if __name__ == "__main__":
    main()
