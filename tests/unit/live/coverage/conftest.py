"""A small stack of doors, each with a fault of its own, over a real Prometheus."""

from __future__ import annotations

import pytest

from obsgen.live.coverage.report import coverage
from obsgen.live.offline import serve_openmetrics
from obsgen.pipeline import compile_stack
from obsgen.query.prometheus import Prometheus

_SIGNALS = {
    "up": "up{${selector}}",
    "open": "door_open{${selector}}",
    "forced": 'door_open{${selector},state="forced"}',
    "floor": 'door_open{${selector},floor="2"}',
    "uses": "door_uses_total{${selector}}",
    "knocks": "door_knocks_total{${selector}}",
    "lock": "door_lock_state{${selector}}",
    "alarm": "door_alarm{${selector}}",
}
_SIGNAL = "  {0}: {{title: The {0}, unit: none, expr: '{1}', feed: [{{series: '{1}', gauge: '${{v}}'}}]}}"
PACK = """
title: Doors
about: Doors that open and close.
source: {exporter: door_exporter, versions: ">=1", docs: https://example.com}
metrics:
  up: gauge
  door_open: gauge
  door_uses_total: counter
  door_knocks_total: {type: counter, only_while: somebody knocks}
  door_lock_state: {type: gauge, since: door_exporter 2.0}
  door_alarm: {type: gauge, needs: --collector.alarm}
sources:
  door:
    selector: job="${component}"
    scrape: {"${component}": {selector: {app: door}, port: metrics}}
selector: ${sources.door}
signals:
{signals}
alerts:
  DoorAbsent: {absent: 'up{${selector}}', for: 1m, severity: critical, summary: No door., description: None.}
  DoorDown: {when: "up < 1", for: 1m, severity: critical, summary: Down., description: Down.}
  DoorOpen: {when: "open > 0.5", for: 1m, severity: critical, summary: Open., description: Open.}
  DoorForced: {when: "forced > 0.5", for: 1m, severity: warning, summary: Forced., description: Forced.}
  DoorOnFloor: {when: "floor > 0.5", for: 1m, severity: warning, summary: Floor., description: Floor.}
  DoorUsed: {when: "uses > 5", for: 1m, severity: warning, summary: Used., description: Used.}
  DoorKnocked: {when: "knocks > 5", for: 1m, severity: warning, summary: Knocked., description: Knocked.}
  DoorUnlocked: {when: "lock > 0.5", for: 1m, severity: warning, summary: Unlocked., description: Unlocked.}
  DoorAlarm: {when: "alarm > 0.5", for: 1m, severity: warning, summary: Alarm., description: Alarm.}
"""
SPEC = """
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {name: house, team: keepers}
environment: {cluster: prod}
packs: [./packs]
infrastructure:
  front: {pack: door}
  back: {pack: door}
  side: {pack: door}
  attic: {pack: door}
  cellar: {pack: keepalived}
routing:
  default: chat
  receivers: {chat: {webhook: {url: "http://chat.example.com/"}}}
"""


def exposed(metric, job, value=1, **labels):
    """A series by its metric, its job and its other labels, and its sample."""
    pairs = ",".join(f'{name}="{text}"' for name, text in {"job": job, "instance": "a:1", **labels}.items())
    return metric, f"{metric}{{{pairs}}} {value} 1767615300"


def target(job, *, up=1, scraped=9, kept=9):
    """What Prometheus writes of every target."""
    figures = {"up": up, "scrape_samples_scraped": scraped, "scrape_samples_post_metric_relabeling": kept}
    return [exposed(metric, job, value) for metric, value in figures.items()]


HOUSE = [
    # All there, but for what comes with an event, an option or another version.
    *target("front"),
    exposed("door_open", "front", state="closed"),
    exposed("door_uses_total", "front"),
    # The same under another job.
    *target("back-door"),
    exposed("door_open", "back-door", state="closed"),
    exposed("door_uses_total", "back-door"),
    # A target that is down, and one of whose samples some are dropped.
    *target("side", up=0, scraped=0, kept=0),
    *target("attic", scraped=9, kept=7),
    exposed("door_open", "attic", state="closed"),
]


def openmetrics(series):
    """The series as a file of samples, one metric after the other."""
    lines = sorted(series, key=lambda one: one[0])
    families = {metric: [] for metric, _ in lines}
    for metric, line in lines:
        families[metric].append(line)
    return "".join(f"# TYPE {metric} unknown\n" + "\n".join(own) + "\n" for metric, own in families.items()) + "# EOF\n"


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """The stack, compiled once."""
    folder = tmp_path_factory.mktemp("house")
    pack = folder / "packs" / "infrastructure" / "door"
    pack.mkdir(parents=True)
    signals = "\n".join(_SIGNAL.format(*one) for one in _SIGNALS.items())
    (pack / "pack.yaml").write_text(PACK.replace("{signals}", signals))
    (pack / "runbook.md").write_text("# Doors\n")
    (folder / "obsgen.yaml").write_text(SPEC)
    return compile_stack(folder / "obsgen.yaml")


@pytest.fixture(scope="session")
def looked_at(house, tmp_path_factory, _prometheus_installed):
    """The report on the stack over these series."""

    def look(series):
        path = tmp_path_factory.mktemp("samples") / "samples.om"
        path.write_text(openmetrics(series))
        with serve_openmetrics(path) as url, Prometheus(url) as prometheus:
            return coverage(prometheus, house.stack, house.bundle, at=1767615300.0)

    return look


@pytest.fixture(scope="session")
def report(looked_at):
    """What is said of the house."""
    return looked_at(HOUSE)
