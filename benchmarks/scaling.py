"""How compiling grows with the spec: times of 2, 4 and 8 times as many services, as ratios to one times as many.

    python benchmarks/scaling.py

Ratios are taken within one run, so they mean the same on a slow machine; linear growth reads 2, 4 and 8 at most.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import yaml

from obsgen.pipeline import compile_stack, documents
from obsgen.spec.root import SpecFile

BASE = Path(__file__).resolve().parent.parent / "config" / "example.yaml"
UNIT = 10
ROUNDS = 5


def spec_with(services: int, folder: Path) -> Path:
    """The example with this many copies of a service."""
    applications = {
        f"service-{number}": {
            "team": "commerce",
            "namespace": "shop",
            "scrape": {f"service-{number}": {"selector": {"app": f"service-{number}"}, "port": "metrics"}},
            "parameters": {"total": "orders_total", "failed": 'orders_total{result="failed"}'},
        }
        for number in range(services)
    }
    path = folder / f"{services}.yaml"
    path.write_text(yaml.safe_dump({"extends": [str(BASE)], "applications": applications}))
    return path


def seconds(spec: Path) -> float:
    """CPU time of one compilation."""
    start = time.process_time()
    documents(compile_stack(SpecFile(spec, Path("/"))))
    return time.process_time() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        specs = {times: spec_with(times * UNIT, Path(name)) for times in (1, 2, 4, 8)}
        seconds(specs[1])  # imports and caches
        measured = {times: [seconds(spec) for _ in range(ROUNDS)] for times, spec in specs.items()}
    base = statistics.median(measured[1])
    for times, values in measured.items():
        print(f"{times * UNIT:>4} services: {statistics.median(values) / base:.2f} times the time of {UNIT}")


if __name__ == "__main__":
    main()
