"""Deadlines that hold whatever hangs, pauses that are bounded, and several queries at a time."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from socket import create_server

import pytest

from obsgen.query.deadline import within
from obsgen.query.errors import QueryFailed, TooSlow
from obsgen.query.prometheus import Prometheus
from obsgen.query.retries import Retries


def test_a_call_in_time_gives_its_result():
    assert within(5, lambda: 3) == 3


def test_a_call_that_fails_raises_its_own_error():
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)


def test_a_call_that_hangs_is_left_to_itself():
    release = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.05, release.wait)
    release.set()


def test_headers_that_drip_cannot_hold_the_deadline_up():
    """Each byte comes within any time limit for a single read."""
    with create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                # Not for ever, should the client have no deadline after all.
                for _ in range(200):
                    if stop.wait(0.05):
                        break
                    connection.sendall(b"a")

        thread = threading.Thread(target=drip)
        thread.start()
        started = time.monotonic()
        with (
            Prometheus(f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=0.5) as prometheus,
            pytest.raises(TooSlow, match="did not answer in time"),
        ):
            prometheus.instant("up")
        assert time.monotonic() - started < 2
        stop.set()
        thread.join()


def test_pauses_double_up_to_a_bound():
    retries = Retries(first_wait=1.0)
    assert [retries.wait(attempt, "") for attempt in (1, 2, 3, 9)] == [1.0, 2.0, 4.0, 10.0]


@pytest.mark.parametrize(("asked_for", "seconds"), [("3", 3.0), ("600", 10.0), ("soon", 0.25), ("", 0.25)])
def test_retry_after_in_seconds_is_heeded_within_bounds(asked_for, seconds):
    assert Retries().wait(1, asked_for) == seconds


def test_retry_after_as_a_date_is_heeded_too():
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True)
    assert 3.5 < Retries().wait(1, later) <= 5


def test_several_queries_come_back_under_their_names_in_their_order(server, ok):
    server.answers = [ok()]
    with Prometheus(server.url) as prometheus:
        answers = prometheus.instants({name: name for name in "dacb"}, at=1)
    assert list(answers) == list("dacb")
    assert sorted(asked.parameters["query"] for asked in server.asked) == list("abcd")


def test_of_several_failing_queries_the_first_is_named(server, refusal):
    server.answers = [refusal(422, "execution", "no")]
    with Prometheus(server.url) as prometheus, pytest.raises(QueryFailed) as failure:
        prometheus.instants({"one": "first", "two": "second"})
    assert failure.value.query == "first"
