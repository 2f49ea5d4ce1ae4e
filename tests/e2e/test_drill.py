"""The fire drill as a user runs it, against a real Alertmanager over what was built."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from obsgen.cli import main
from tests.e2e.processes import HEARS_SIGINT
from tests.e2e.routing import Router, running_router
from tests.e2e.tools import first_at_once, folder_id, installed, release
from tests.e2e.waiting import wait_until

PAGES = {"commerce": {"commerce-pager"}, "platform": {"platform-pager", "platform-chat"}}
DRIFTED = {"routing": {"teams": {"commerce": {"P1": "platform-pager", "P4": "commerce-chat"}}}}
EACH = pytest.mark.parametrize("folder", first_at_once("bookworm", "sid"))


@pytest.fixture
def router(folder: Path | None, tmp_path: Path) -> Iterator[Router]:
    with running_router(tmp_path, release(folder)) as running:
        yield running


def drill(router: Router, *options: str) -> Result:
    asked = ["routes", "drill", str(router.spec), "--alertmanager", f"http://{router.address}", *options]
    return CliRunner().invoke(main, asked)


def still_held(router: Router) -> list[object]:
    found: list[object] = requests.get(f"http://{router.address}/api/v2/alerts", timeout=5).json()
    return found


@EACH
def test_every_page_arrives_once_where_it_should_and_is_ended(router: Router) -> None:
    done = drill(router, "--only", "P1", "--wait", "2s", "--yes")
    assert done.exit_code == 0, done.output
    assert "2 alerts as the spec says, 0 otherwise." in done.output
    wanted = {(receiver, team) for team, receivers in PAGES.items() for receiver in receivers}

    def heard(status: str) -> list[tuple[str, str]]:
        return sorted((one.receiver, one.labels["team"]) for one in router.inbox.notices if one.status == status)

    assert heard("firing") == sorted(wanted)
    wait_until(lambda: heard("resolved"), lambda seen: seen == sorted(wanted), what="the end is told")
    notice = router.inbox.notices[0]
    assert (notice.alert, notice.labels["severity"], notice.labels["cluster"]) == (
        "ObsgenDrill",
        "critical",
        "loopback",
    )
    assert notice.labels["drill"] in done.output
    assert notice.annotations["summary"] == "This is a drill: nothing is wrong."
    assert still_held(router) == []


@EACH
def test_all_tiers_are_held_against_the_spec_with_hours(router: Router) -> None:
    done = drill(router, "--wait", "2s", "--yes")
    assert done.exit_code == 0, done.output
    lines = [line.split() for line in done.output.splitlines()]
    assert ["commerce", "P3", "commerce-chat", "(after", "500ms)", "commerce-tickets"] in lines
    assert ["commerce", "P3", "ok", "commerce-chat,", "commerce-tickets"] in lines
    assert "8 alerts as the spec says, 0 otherwise." in done.output
    # What starts something is started by nobody's drill, and who sleeps sleeps on.
    assert not {"automation", "commerce-tickets", "commerce-desk"} & {one.receiver for one in router.inbox.notices}
    # A page does not hide the same drill's ticket.
    assert router.inbox.told("platform-tickets", "firing", drill=done.output.split()[1].rstrip(":"))


@EACH
def test_an_alertmanager_that_runs_on_something_else_is_found_out(folder: Path | None, tmp_path: Path) -> None:
    with running_router(tmp_path, release(folder), DRIFTED) as router:
        done = drill(router, "--team", "commerce", "--wait", "1s", "--yes")
    assert done.exit_code == 1, done.output
    lines = [" ".join(line.split()) for line in done.output.splitlines()]
    assert "commerce P1 WRONG platform-pager" in lines
    assert "Alertmanager tells platform-pager, and the spec says commerce-pager" in lines
    assert "Alertmanager tells commerce-chat, and the spec says commerce-digest" in lines
    assert "2 alerts as the spec says, 2 otherwise." in lines


@EACH
def test_other_grouping_is_found_out(folder: Path | None, tmp_path: Path) -> None:
    with running_router(tmp_path, release(folder), {"routing": {"tiers": {"P1": {"group_by": ["team"]}}}}) as router:
        done = drill(router, "--team", "commerce", "--only", "P1", "--wait", "1s", "--yes")
    assert done.exit_code == 1, done.output
    assert "commerce-pager groups by team, and the spec says by alertname, cluster" in done.output


@pytest.mark.e2e
@pytest.mark.parametrize("folder", installed("sid"), ids=folder_id)
def test_hours_that_mute_who_should_hear_are_found_out(folder: Path | None, tmp_path: Path) -> None:
    with running_router(tmp_path, release(folder), {"routing": {"teams": {"platform": {"hours": "asleep"}}}}) as router:
        done = drill(router, "--team", "platform", "--only", "P3", "--wait", "2s", "--yes")
    assert done.exit_code == 1, done.output
    assert "platform-tickets is muted now, and the spec says that it is notified" in done.output


@EACH
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_drill_is_ended_all_the_same(router: Router, sign: signal.Signals) -> None:
    program = [sys.executable, "-c", "from obsgen.cli import run; run()", "routes", "drill", str(router.spec)]
    options = ["--alertmanager", f"http://{router.address}", "--only", "P1", "--wait", "1m", "--yes"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*program, *options], preexec_fn=HEARS_SIGINT, **pipes) as running:  # noqa: PLW1509
        pages = sum(map(len, PAGES.values()))
        wait_until(lambda: router.inbox.notices, lambda seen: len(seen) == pages, what="the drill is told")
        running.send_signal(sign)
        _, said = running.communicate(timeout=20)
    assert (running.returncode, said.strip()) == (128 + sign, "interrupted: what was sent is ended")
    assert still_held(router) == []
    wait_until(router.inbox.unresolved, lambda seen: not seen, what="the end is told")


@EACH
def test_nothing_is_sent_without_a_yes(router: Router) -> None:
    done = drill(router)
    assert done.exit_code == 2
    assert "there is no terminal to ask at: pass --yes" in done.output
    assert still_held(router) == []


def test_an_alertmanager_that_is_not_there_ends_with_two_and_a_message() -> None:
    spec = Path(__file__).parent / "specs" / "two-teams.yaml"
    for url, message in [
        ("http://127.0.0.1:1", "cannot be reached"),
        ("alertmanager:9093", "is not a URL: write it as http://alertmanager.example.com:9093"),
    ]:
        done = CliRunner().invoke(main, ["routes", "drill", str(spec), "--alertmanager", url, "--yes"])
        assert done.exit_code == 2
        assert message in done.output
        assert "Traceback" not in done.output
