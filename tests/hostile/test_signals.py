"""However obsgen is told to end, its programs end and its temporary files go, though only obsgen is told."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from array import array
from fcntl import ioctl
from pathlib import Path
from termios import FIONREAD

import pytest

from tests.e2e.processes import HEARS_SIGINT
from tests.hostile.ending import ENDS_WITHIN, PROGRAM, ROOT, Running, running

SMALL = ROOT / "tests" / "diagnostics" / "base" / "base.yaml"
# Of Linux.
PIPE_HOLDS = 65536
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stubborn(folder: Path) -> str:
    """A folder of checkers that never end by themselves, nor when they are asked to."""
    folder.mkdir()
    for name, version in (("promtool", "2.53.0"), ("amtool", "0.27.0")):
        stated = f'[ "$1" = --version ] && {{ echo "{name}, version {version} (branch: HEAD)"; exit 0; }}'
        (folder / name).write_text(f"#!/bin/sh\n{stated}\ntrap '' TERM\nwhile :; do sleep 60; done\n")
        (folder / name).chmod(0o755)
    return str(folder)


def has_files(one: Running) -> bool:
    return any(one.temporary.iterdir())


@pytest.mark.parametrize("sign", SIGNALS)
def test_programs_that_do_not_listen_end_with_obsgen(tmp_path: Path, sign: signal.Signals) -> None:
    tools = stubborn(tmp_path / "tools")
    with running(tmp_path / "temporary", "validate", SMALL, OBSGEN_TOOLS=tools) as one:
        one.wait_until(lambda: has_files(one) and one.programs())
        one.process.send_signal(sign)
        assert one.ended()[0] == 128 + sign


@pytest.mark.parametrize("sign", SIGNALS)
def test_a_private_server_ends_while_it_starts(tmp_path: Path, sign: signal.Signals) -> None:
    with running(tmp_path / "temporary", "capacity", "--demo") as one:
        one.wait_until(lambda: list(one.temporary.glob("*/prometheus.log")))
        one.process.send_signal(sign)
        assert one.ended()[0] == 128 + sign


def test_the_first_temporary_file_goes_too(tmp_path: Path) -> None:
    with running(tmp_path / "temporary", "capacity", "--demo") as one:
        one.wait_until(lambda: has_files(one))
        one.process.send_signal(signal.SIGTERM)
        assert one.ended()[0] == 128 + signal.SIGTERM


def test_many_programs_at_once_end(tmp_path: Path) -> None:
    with running(tmp_path / "temporary", "test", SMALL) as one:
        one.wait_until(lambda: list(one.temporary.glob("*/alertmanager.yaml")) and one.programs())
        one.process.send_signal(signal.SIGINT)
        assert one.ended()[0] == 128 + signal.SIGINT


@pytest.mark.parametrize("apart", [0.0, 0.05])
def test_a_second_signal_leaves_nothing_either(tmp_path: Path, apart: float) -> None:
    tools = stubborn(tmp_path / "tools")
    with running(tmp_path / "temporary", "validate", SMALL, OBSGEN_TOOLS=tools) as one:
        one.wait_until(lambda: has_files(one) and one.programs())
        one.process.send_signal(signal.SIGINT)
        time.sleep(apart)
        one.process.send_signal(signal.SIGTERM)
        assert one.ended()[0] in (128 + signal.SIGINT, 128 + signal.SIGTERM)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_nobody_waits_for_a_reader_of_the_output(sign: signal.Signals) -> None:
    unread, full = os.pipe()
    process = subprocess.Popen(
        [*PROGRAM, "schema", "stack"],
        stdout=full,
        stderr=full,
        preexec_fn=HEARS_SIGINT,  # noqa: PLW1509 - nothing else runs in this process meanwhile
    )
    os.close(full)
    pending = array("i", [0])
    while process.poll() is None and pending[0] < PIPE_HOLDS:
        time.sleep(0.01)
        ioctl(unread, FIONREAD, pending)
    process.send_signal(sign)
    try:
        assert process.wait(ENDS_WITHIN) == 128 + sign
    finally:
        process.kill()
        os.close(unread)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_nobody_waits_for_a_server_that_does_not_answer(tmp_path: Path, sign: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with running(tmp_path / "temporary", "capacity", "--url", url, "--timeout", "300") as one:
            silent.settimeout(ENDS_WITHIN)
            connection, _ = silent.accept()
            with connection:
                one.process.send_signal(sign)
                assert one.ended()[0] == 128 + sign


def test_a_private_server_does_not_outlive_an_obsgen_that_is_killed(tmp_path: Path) -> None:
    with running(tmp_path / "temporary", "capacity", "--demo") as one:
        one.wait_until(lambda: list(one.temporary.glob("*/prometheus.log")) and one.programs())
        one.process.kill()
        one.process.wait()
        deadline = time.monotonic() + ENDS_WITHIN
        while one.programs() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert one.programs() == []


def test_what_a_parent_ignores_stays_ignored() -> None:
    lines = [
        "import os, signal",
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)",
        "from obsgen.programs.leaving import LEAVING",
        "LEAVING.listen()",
        "os.kill(os.getpid(), signal.SIGHUP)",
    ]
    assert subprocess.run([sys.executable, "-c", "\n".join(lines)], check=False, timeout=60).returncode == 0


@pytest.mark.e2e
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_hundred_signals_at_any_moment_leave_nothing(tmp_path: Path, sign: signal.Signals) -> None:
    moments, statuses = random.Random(int(sign)), set()
    for number in range(100):
        arguments = ("capacity", "--demo") if number % 2 else ("test", SMALL)
        with running(tmp_path / "temporary", *arguments) as one:
            one.wait_until(one.listens)
            time.sleep(moments.uniform(0, 3))
            one.process.send_signal(sign)
            one.process.wait(ENDS_WITHIN)
            assert one.programs() == []
            assert list(one.temporary.iterdir()) == []
            statuses.add(one.process.returncode)
    # 0 where it was done already.
    assert statuses <= {0, 128 + sign}
    assert 128 + sign in statuses
