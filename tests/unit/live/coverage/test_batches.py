"""Many small questions in few queries, and every answer with its own question."""

from __future__ import annotations

import re

import pytest

from obsgen.live.coverage.batches import answers, counts
from obsgen.query.samples import Sample, Vector

PART = re.compile(r'label_replace\((?P<expr>.*?),"asked","(?P<number>\d+)","",""\)(?: or |$)')


class Answering:
    """Answers each part of a query with one sample, whose value is the length of its expression."""

    def __init__(self) -> None:
        self.queries: list[str] = []

    def instants(self, queries, *, at):
        self.queries += queries.values()
        return {name: Vector(tuple(self._samples(query))) for name, query in queries.items()}

    def _samples(self, query):
        for part in PART.finditer(query):
            if "absent" not in part["expr"]:
                yield Sample({"asked": part["number"], "job": part["expr"]}, float(len(part["expr"])))


@pytest.fixture
def server():
    return Answering()


def test_every_expression_gets_its_own_answer(server):
    exprs = [f"count(m{number})" for number in range(300)]
    found = answers(server, exprs, at=1.0)
    assert {expr: samples[0].labels for expr, samples in found.items()} == {expr: {"job": expr} for expr in exprs}


def test_what_has_no_series_has_no_answer(server):
    assert counts(server, ["up", "absent_here"], at=1.0) == {"up": len("count(up)")}


def test_what_is_asked_twice_is_asked_once(server):
    counts(server, ["up", "up"], at=1.0)
    assert server.queries == ['label_replace(count(up),"asked","0","","")']


def test_nothing_is_asked_about_nothing(server):
    assert answers(server, [], at=1.0) == {}
    assert server.queries == []


def test_no_query_is_longer_than_a_server_takes(server):
    """VictoriaMetrics refuses what is longer than 16 KiB."""
    counts(server, [f'metric_{number}{{pod=~"{"x" * 500}"}}' for number in range(200)], at=1.0)
    assert max(map(len, server.queries)) <= 12_000


def test_neighbours_come_into_different_queries(server):
    """They read one exporter, and all its series in one query may be too many."""
    counts(server, [f"m{number}" for number in range(10)], at=1.0, most=5)
    assert [re.findall(r"count\(m(\d)\)", query) for query in server.queries] == [list("02468"), list("13579")]
