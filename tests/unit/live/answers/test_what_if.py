"""Another number of replicas, by hand."""

from __future__ import annotations

import pytest

from obsgen.live.answers.what_if import Question, UnknownWorkload, parse_question, what_if
from obsgen.live.watermarks import Watermark

GI = 2.0**30
MARKS = {"cpu": Watermark(0.4, 0.8)}


def ask(replicas, cluster, nodes, workload):
    (answer,) = what_if(Question("q", "shop", "orders", replicas), [cluster], nodes, [workload], MARKS)
    return answer


def test_a_question_is_read():
    assert parse_question(" replicas of shop/orders = 10 ") == Question(
        "replicas of shop/orders = 10", "shop", "orders", 10
    )


@pytest.mark.parametrize(
    "text", ["", "replicas of orders=10", "replicas of shop/orders=-1", "replicas of shop/orders=x"]
)
def test_what_is_no_question_is_refused(text):
    with pytest.raises(ValueError, match="is no question"):
        parse_question(text)


def test_more_replicas_ask_and_use_what_the_present_ones_do(node, cluster, workload):
    # Two pods, each asking for 0.5 cores and 2 GiB and using 0.25 cores and 1 GiB; four more.
    answer = ask(6, cluster(), [node("n")], workload())
    assert (answer.replicas_now, answer.replicas_then) == (2, 6)
    cpu, memory = answer.resources["cpu"], answer.resources["memory"]
    assert (cpu.requested, cpu.used, cpu.utilization, cpu.level) == (6.0, 3.0, 0.375, "ok")
    assert (memory.requested, memory.used, memory.level) == (24 * GI, 12 * GI, "ok")
    # 2 cores and 8 GiB are free, for four.
    assert (answer.fits, answer.unplaced) == (True, 0)


def test_what_finds_no_room_is_counted(node, cluster, workload):
    answer = ask(10, cluster(), [node("n"), node("m", cpu=(4, 3.5, 0))], workload())
    assert (answer.fits, answer.unplaced) == (False, 3)
    assert answer.resources["cpu"].level == "warning"


def test_fewer_replicas_always_fit(node, cluster, workload):
    answer = ask(0, cluster(), [node("n", cpu=(4, 4, 4))], workload())
    assert answer.fits
    assert answer.resources["cpu"].requested == 3.0


def test_an_unknown_request_leaves_the_fit_unknown(node, cluster, workload):
    answer = ask(3, cluster(), [node("n")], workload(memory=(None, 2.0)))
    assert (answer.fits, answer.unplaced, answer.resources["memory"].requested) == (None, None, None)


def test_an_unknown_workload_is_told_with_its_neighbours(cluster, workload):
    with pytest.raises(
        UnknownWorkload, match="'shop/order' has no pods on nodes: in that namespace there are shop/orders"
    ):
        what_if(Question("q", "shop", "order", 1), [cluster()], [], [workload()], MARKS)
