"""A private Prometheus over a file: it answers, it ends, and it says what is wrong with the file."""

from __future__ import annotations

import pytest

from obsgen.live.offline import OfflineFailed, newest_sample, serve_openmetrics
from obsgen.programs.binaries import BinaryMissing
from obsgen.query.prometheus import Prometheus

SAMPLE = '# TYPE up gauge\nup{job="a"} 1 1767615240\nup{job="a"} 0 1767615300\n# EOF\n'


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "samples.om"
        path.write_text(text)
        return path

    return write


def test_samples_are_served_and_the_server_ends(file, tools):
    with serve_openmetrics(file(SAMPLE), tools=tools) as url, Prometheus(url) as prometheus:
        assert [s.value for s in prometheus.instant("up", at=1767615240)] == [1.0]
        assert [s.value for s in prometheus.instant("up", at=1767615300)] == [0.0]
    with Prometheus(url) as prometheus:
        assert not prometheus.reachable()


def test_the_server_ends_when_the_work_on_it_fails(file, tools):
    with pytest.raises(ZeroDivisionError), serve_openmetrics(file(SAMPLE), tools=tools) as url:
        raise ZeroDivisionError
    with Prometheus(url) as prometheus:
        assert not prometheus.reachable()


def test_a_file_without_an_end_is_refused_with_its_name(file, tools):
    path = file(SAMPLE.replace("# EOF\n", ""))
    refused = pytest.raises(OfflineFailed, match=r"samples.om' is not OpenMetrics: .*EOF")
    with refused, serve_openmetrics(path, tools=tools):
        pytest.fail("it was served")


def test_a_missing_program_is_named(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("OBSGEN_TOOLS", raising=False)
    with pytest.raises(BinaryMissing, match="'promtool' is not installed"), serve_openmetrics(file(SAMPLE)):
        pytest.fail("it was served")


@pytest.mark.parametrize(
    "line",
    [
        "up 1 1767615300",
        "up{} 1 1767615300.0",
        'up{job="}",path="a # b {\\""} 1 1.7676153e9',
        'requests_total{code="200"} 5 1767615300 # {trace_id="x"} 0.5 1999999999',
    ],
)
def test_the_newest_time_is_read_past_whatever_the_labels_hold(file, line):
    assert newest_sample(file(f"# HELP up 1 1999999999\n{line}\n# EOF\n")) == 1767615300


@pytest.mark.parametrize("text", ["", "up 1\n# EOF\n", "# up 1 1767615300\n"])
def test_a_file_without_times_is_refused(file, text):
    with pytest.raises(OfflineFailed, match="no sample with a timestamp"):
        newest_sample(file(text))
