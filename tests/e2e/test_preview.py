"""`obsgen preview` with real servers: written pages, a served one, and pictures by a browser."""

from __future__ import annotations

import re
import signal
import struct
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from obsgen.cli import main
from tests.e2e.browser import find_browser
from tests.e2e.processes import HEARS_SIGINT
from tests.e2e.tools import ROOT
from tests.e2e.waiting import wait_until

EXAMPLE = ROOT / "config" / "example.yaml"
SHOWN = re.compile(r"^(\S+): (\d+) of (\d+) panels show something$", re.MULTILINE)


def run(*arguments):
    return CliRunner().invoke(main, ["preview", *map(str, arguments)])


def shown(output):
    return {uid: (int(some), int(all_)) for uid, some, all_ in SHOWN.findall(output)}


def test_made_up_values_fill_the_dashboards_of_packs(tmp_path):
    ended = run(EXAMPLE, "--demo", "--html", tmp_path, *("--dashboard", "node", "--dashboard", "etcd"))
    assert ended.exit_code == 0, ended.output
    counted = shown(ended.output)
    assert counted.keys() == {"obsgen-example-node", "obsgen-example-etcd", "obsgen-example-all-node"}
    # Forecasts draw nothing while nothing grows.
    assert all(all_ > 5 and some >= 0.95 * all_ for some, all_ in counted.values())
    page = (tmp_path / "obsgen-example-etcd.html").read_text()
    assert page.count('data-empty="no"') > 50
    assert (tmp_path / "plotly.min.js").stat().st_size > 1_000_000
    assert "obsgen-example-node.html" in (tmp_path / "index.html").read_text()
    assert "://cdn" not in page


@pytest.mark.e2e
def test_nineteen_panels_of_twenty_show_something_of_a_platform_with_every_pack(tmp_path):
    ended = run(ROOT / "config" / "production.yaml", "--demo", "--html", tmp_path)
    assert ended.exit_code == 0, ended.output
    counted = shown(ended.output).values()
    asking = sum(all_ for _, all_ in counted)
    assert asking > 1000
    assert sum(some for some, _ in counted) / asking >= 0.95


@pytest.mark.e2e
def test_a_sample_of_a_real_cluster_is_drawn_with_what_rules_record_of_it(tmp_path):
    sample = ROOT / "config" / "samples" / "capacity.om"
    ended = run(EXAMPLE, "--openmetrics", sample, "--html", tmp_path, "--dashboard", "all-overview")
    assert ended.exit_code == 0, ended.output
    assert shown(ended.output)["obsgen-example-all-overview"][0] > 0


@contextmanager
def served(*arguments):
    command = [Path(sys.executable).with_name("obsgen"), "preview", *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=HEARS_SIGINT)  # noqa: PLW1509
    try:
        line = process.stdout.readline()
        yield process, re.match(r"http://[\d.:]+", line)[0]
    finally:
        process.kill()
        process.communicate()


def test_a_page_is_asked_anew_for_every_look():
    with served(EXAMPLE, "--demo", "--dashboard", "node") as (process, url):
        assert "obsgen-example-node" in requests.get(url, timeout=10).text
        page = requests.get(f"{url}/obsgen-example-node", timeout=60).text
        assert "<option>prod-sh</option>" in page
        chosen = requests.get(f"{url}/obsgen-example-node?var-cluster=prod-sh", timeout=60).text
        assert "<option selected>prod-sh</option>" in chosen
        nothing = requests.get(f"{url}/obsgen-example-node?var-cluster=elsewhere", timeout=60).text
        assert nothing.count('data-empty="yes"') > page.count('data-empty="yes"') + 40
        assert requests.get(f"{url}/plotly.min.js", timeout=10).headers["Content-Type"].startswith("text/javascript")
        assert requests.get(f"{url}/nowhere", timeout=10).status_code == 404
        elsewhere = requests.get(url, headers={"Host": "preview.example.com:80"}, timeout=10)
        assert elsewhere.status_code == 403
        process.send_signal(signal.SIGINT)
        wait_until(process.poll, lambda status: status is not None, what="the end")
        assert process.returncode == 0


@pytest.mark.e2e
def test_a_browser_makes_pictures_of_whole_pages(tmp_path):
    ended = run(
        EXAMPLE, "--demo", "--png", tmp_path, "--browser", find_browser(), "--dashboard", "orders"
    )  # fmt: skip
    assert ended.exit_code == 0, ended.output
    (picture,) = tmp_path.glob("*.png")
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    assert width == 1600
    assert height > 900


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give one of --url URL, --openmetrics FILE and --demo"),
        (("--demo", "--url", "http://127.0.0.1:1"), "give one of"),
        (("--demo", "--choose", "prod"), "write NAME=VALUE"),
        (("--demo", "--over", "soon"), "'--over'"),
        (("--demo", "--over", "30s"), "a minute is the least"),
        (("--demo", "--browser", "x"), "it goes with --png"),
        (("--demo", "--html", "x", "--port", "8080"), "nothing is served"),
        (("--url", "http://127.0.0.1:1", "--dashboard", "nowhere"), "there are obsgen-example-node"),
        (("--url", "http://127.0.0.1:1", "--html", "x"), "127.0.0.1:1"),
    ],
)
def test_what_cannot_be_is_said(arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = run(EXAMPLE, *arguments)
    assert ended.exit_code == 2
    assert said in ended.output
    assert not list(tmp_path.iterdir())


def test_a_dry_run_asks_nobody():
    ended = run(EXAMPLE, "--url", "http://127.0.0.1:1", "--dry-run", "--dashboard", "orders")
    assert ended.exit_code == 0
    assert re.search(r"\d+ queries by POST", ended.output)


def test_a_browser_that_is_none_is_named(tmp_path):
    ended = run(EXAMPLE, "--demo", "--png", tmp_path / "p", "--browser", "/bin/false", "--dashboard", "orders")
    assert ended.exit_code == 2
    assert "'/bin/false' made no picture" in ended.output
