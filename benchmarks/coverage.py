"""What `obsgen coverage` and `obsgen init --url` ask of a server of a large cluster, and how long they take.

    python benchmarks/coverage.py [--nodes 500] [--pods-per-node 50] [--prometheus FOLDER]

Twice a private Prometheus is filled: with simulated nodes and pods and all that the packs of config/production.yaml
read, what is on each machine once for each node; and with the nodes and pods alone, so that nearly everything is
missing. The commands run as processes of their own, several times. Requests are those that the server has counted.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import requests
from capacity import requests_seen

from obsgen.live.offline import serve_openmetrics
from obsgen.pipeline import compile_stack
from obsgen.query.prometheus import Prometheus
from obsgen.simulate.exposition import write_openmetrics
from obsgen.simulate.installed import write_installed
from obsgen.simulate.settings import Settings
from obsgen.simulate.world import make_world

ROUNDS = 3
AHEAD = 1200
END = "# EOF\n"
OBSGEN = Path(sys.executable).with_name("obsgen")
SPEC = Path(__file__).resolve().parent.parent / "config" / "production.yaml"
# Each of these runs on every machine.
ON_MACHINES = re.compile(r'job="(node-exporter|kubelet|cadvisor|kube-proxy|calico-felix|dcgm-exporter)"')
OF_A_MACHINE = re.compile(r'(?<=[{,])(instance|node)="([^":]*)')


def everywhere(line: str, nodes: int) -> Iterator[str]:
    """The sample, and where machines have it each one's."""
    if not ON_MACHINES.search(line):
        yield line
        return
    for number in range(nodes):
        yield OF_A_MACHINE.sub(rf'\1="\2-{number}', line)


def write(path: Path, settings: Settings, *, all_there: bool) -> int:
    """Write the samples of the simulated cluster, and of what the packs read; gives their number."""
    with path.open("w", encoding="utf-8") as out:
        count = write_openmetrics(make_world(settings), out)
        if all_there:
            held = StringIO()
            write_installed(compile_stack(SPEC).stack, held, settings.end, settings.seconds, ())
            samples = held.getvalue().removesuffix(END).replace('cluster="prod-sh"', 'cluster="sim-1"')
            # The end comes once more, and only in the last place.
            out.seek(out.tell() - len(END))
            for line in samples.splitlines(keepends=True):
                for one in everywhere(line, settings.nodes):
                    out.write(one)
                    count += 1
            out.write(END)
    return count


def server_seconds(url: str) -> float:
    """Processor time that the server has used so far."""
    lines = requests.get(f"{url}/metrics", timeout=30).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("process_cpu_seconds_total "))


def measure(url: str, *command: str) -> None:
    """Print what the command asks, and for how long it runs: by the clock, and on the processor, with the server."""
    times, before, served, used = [], requests_seen(url), server_seconds(url), os.times()
    for _ in range(ROUNDS):
        # `init` writes what must not be there yet.
        with tempfile.TemporaryDirectory() as empty:
            start = time.perf_counter()
            done = subprocess.run(
                [OBSGEN, *command, "--url", url], check=False, capture_output=True, text=True, cwd=empty
            )
            times.append(time.perf_counter() - start)
        # 1: something critical is blind.
        if done.returncode not in (0, 1):
            sys.exit(done.stderr)
    asked, ended = (requests_seen(url) - before) / ROUNDS, os.times()
    own = (ended.children_user + ended.children_system - used.children_user - used.children_system) / ROUNDS
    wall = f"{statistics.median(times):.1f} s, {min(times):.1f} to {max(times):.1f} s"
    busy = f"{own:.1f} s of processor, the server {(server_seconds(url) - served) / ROUNDS:.1f} s"
    print(f"  {command[0]:8} {asked:.0f} requests, {wall}, {busy}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=500)
    parser.add_argument("--pods-per-node", type=int, default=50)
    parser.add_argument("--prometheus", type=Path, metavar="FOLDER", help="a folder with promtool and prometheus")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "samples.om"
        for all_there in (True, False):
            # The server is asked about now, which must still be within when all is loaded and asked.
            end = int(time.time()) + AHEAD
            settings = Settings(
                nodes=chosen.nodes, pods_per_node=chosen.pods_per_node, end=end, seconds=AHEAD, interval=60
            )
            samples = write(path, settings, all_there=all_there)
            with serve_openmetrics(path, tools=chosen.prometheus) as url:
                with Prometheus(url, timeout=120) as prometheus:
                    (held,) = prometheus.instant('count({__name__=~".+"})')
                called = "all is there" if all_there else "nodes and pods only"
                print(f"{called}: {held.value:.0f} series, {samples} samples", flush=True)
                measure(url, "coverage", str(SPEC))
                measure(url, "init")


if __name__ == "__main__":
    main()
