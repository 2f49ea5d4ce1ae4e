"""Which alerts would have fired over a past: recordings are filled in, and alerting rules asked over all of it."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from obsgen.ir.rules import AlertingRule, RecordingRule
from obsgen.programs.checkers import find_tool
from obsgen.promql.parse import metric_names
from obsgen.promql.series import series_text
from obsgen.query.prometheus import Prometheus
from tests.e2e.processes import Server, free_ports

# One block holds it all: for each of them promtool reads the whole file again.
_BLOCK = "--max-block-duration=162h"
_TIMEOUT = 600


@dataclass(frozen=True, slots=True)
class Past:
    """A data folder of Prometheus, and the time that it holds."""

    folder: Path
    tools: Path | None
    start: int
    end: int
    step: int

    def fill(self, samples: Path) -> None:
        """Add an OpenMetrics file to it."""
        promtool = find_tool("promtool", self.tools).path
        command = [promtool, "tsdb", "create-blocks-from", "openmetrics", _BLOCK, samples, self.folder / "data"]
        subprocess.run(command, check=True, capture_output=True)

    def record(self, rules: Sequence[RecordingRule]) -> None:
        """Add what the rules would have recorded; those that read others come later."""
        left = list(rules)
        while left:
            missing = {rule.record for rule in left}
            ready = [rule for rule in left if not (metric_names(rule.expr) - {rule.record}) & missing]
            assert ready, f"read one another in a circle: {missing}"
            path = self.folder / "recorded.om"
            lines = list(self._recorded(ready))
            path.write_text("".join([*lines, "# EOF\n"]))
            if lines:
                self.fill(path)
            left = [rule for rule in left if rule not in ready]

    def _recorded(self, rules: Sequence[RecordingRule]) -> Iterator[str]:
        with self._served() as prometheus:
            for rule in rules:
                for series in prometheus.range(rule.expr, start=self.start, end=self.end, step=self.step):
                    text = series_text({**series.labels, **rule.labels, "__name__": rule.record})
                    yield from (f"{text} {value!r} {moment}\n" for moment, value in series.points)

    def fired(self, rules: Sequence[AlertingRule]) -> Iterator[tuple[AlertingRule, str]]:
        """Each rule that fired, and for what."""
        with self._served() as prometheus:
            for rule in rules:
                for series in prometheus.range(rule.expr, start=self.start, end=self.end, step=self.step):
                    if self._longest(series.points) >= rule.pending.seconds:
                        yield rule, str(dict(series.labels))

    def _longest(self, points: Sequence[tuple[float, float]]) -> float:
        """How long it held without a break."""
        longest, active, before = 0.0, -math.inf, -math.inf
        for moment, _ in points:
            active = active if moment - before <= self.step else moment
            before = moment
            longest = max(longest, moment - active)
        return longest if points else -math.inf

    @contextmanager
    def _served(self) -> Iterator[Prometheus]:
        (port,) = free_ports(1)
        url = f"http://127.0.0.1:{port}"
        (self.folder / "prometheus.yml").write_text("scrape_configs: []\n")
        command = (
            str(find_tool("prometheus", self.tools).path),
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'data'}",
            "--storage.tsdb.retention.time=100y",
            f"--web.listen-address=127.0.0.1:{port}",
            # A file has no marks where a series ends, as scrapes set them: what is older than a sample has ended.
            f"--query.lookback-delta={self.step + 10}s",
        )
        server = Server("prometheus", command, f"{url}/-/ready", self.folder)
        server.start()
        try:
            server.wait_until_ready()
            with Prometheus(url, timeout=_TIMEOUT) as prometheus:
                yield prometheus
        finally:
            server.stop()
