"""Every query of every dashboard, asked of a real Prometheus that holds the sample cluster and what rules record."""

import json
import re
from pathlib import Path

import pytest

from obsgen.emit.grafana.load import dashboard_json
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.preview.recorded import add_recordings
from obsgen.programs.binaries import BinaryMissing, find_binary
from obsgen.query.prometheus import Prometheus
from tests.compiled import shipped_spec

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "config" / "samples" / "capacity.om"
VIEWS = ROOT / "dashboards"
SPECS = ("example", "objectives", "production")
WINDOW, STEP = 900, 60
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
BUILT_IN = {"__rate_interval": "5m", "__interval": "1m", "__range": "1h"}
# What the sample does not tell: restarts, throttling, traffic, readiness, and pods that find no node.
NOTHING_KNOWN_OF = {
    "CPU held back",
    "Network",
    "Pods not ready",
    "Pods that find no node",
    "Restarts",
    "Restarts in an hour",
}


def filled(expr):
    """As Grafana sends it where everything is chosen."""
    return VARIABLE.sub(lambda found: BUILT_IN.get(found[1] or found[2], ".*"), expr)


@pytest.fixture(scope="module")
def tools():
    folder = ROOT / ".tools" / "bookworm" / "usr" / "bin"
    if (folder / "prometheus").exists():
        return folder
    try:
        return find_binary("prometheus").parent
    except BinaryMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def recorded(tools, tmp_path_factory):
    """The sample cluster's file with the series that the rules record of it, those that read others in later rounds."""
    sets = shipped_spec("example").bundle.rule_sets
    rules = [rule for one in sets for group in one.groups for rule in group.recordings]
    path = tmp_path_factory.mktemp("sample") / "recorded.om"
    # The sample was taken without the label that a scrape gives.
    path.write_text(re.sub(r"^(kube_\w+\{)", r'\1job="kube-state-metrics",', SAMPLE.read_text(), flags=re.MULTILINE))
    assert add_recordings(path, rules, seconds=WINDOW, step=STEP, tools=tools) == ()
    return path


@pytest.fixture(scope="module")
def prometheus(recorded, tools):
    with serve_openmetrics(recorded, tools=tools) as url, Prometheus(url) as server:
        yield server


@pytest.fixture(scope="module")
def answered(prometheus):
    """Whether a query of a panel has an answer; each is asked once, as the panel asks it."""
    end, known = newest_sample(SAMPLE), {}

    def ask(target):
        asked = (filled(target["expr"]), target["instant"])
        if asked not in known:
            if target["instant"]:
                known[asked] = bool(prometheus.instant(asked[0], at=end).samples)
            else:
                known[asked] = bool(prometheus.range(asked[0], start=end - WINDOW, end=end, step=STEP).series)
        return known[asked]

    return ask


def panels(body):
    inside = [inner for panel in body["panels"] for inner in panel.get("panels", [])]
    return [panel for panel in body["panels"] + inside if panel.get("targets")]


@pytest.mark.parametrize("spec", SPECS)
def test_every_query_is_answered_without_an_error(spec, answered):
    shown = asked = 0
    for view in shipped_spec(spec).bundle.views:
        for panel in panels(json.loads(dashboard_json(view, VIEWS))):
            asked += 1
            answers = [answered(target) for target in panel["targets"]]
            shown += any(answers)
    print(f"{spec}: {shown} of {asked} panels show something of the sample cluster")
    assert shown > 40


@pytest.mark.parametrize("topic", ["capacity", "node", "namespace", "workload"])
def test_the_sample_cluster_fills_every_panel_about_kubernetes(topic, answered, example):
    (view,) = (one for one in example.bundle.views if one.kind == "topic" and one.topic == topic)
    empty = {
        panel["title"]
        for panel in panels(json.loads(dashboard_json(view, VIEWS)))
        if not all(map(answered, panel["targets"]))
    }
    assert empty <= NOTHING_KNOWN_OF
