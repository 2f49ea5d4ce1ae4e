"""Variables: what there is to choose, and queries with the choice filled in."""

from __future__ import annotations

import pytest

from obsgen.preview.choices import Choice, Span, choices, everything, filled
from obsgen.query.samples import Sample, Vector

HOUR = Span(0, 3600, 15)
BODY = {
    "templating": {
        "list": [
            {"type": "datasource", "name": "datasource", "query": "prometheus"},
            {"type": "query", "name": "cluster", "query": {"query": "label_values(up, cluster)"}},
            {"type": "query", "name": "job", "query": 'label_values(up{cluster=~"$cluster"}, job)'},
        ]
    }
}


class Answering:
    """Answers by the end of the query, and keeps what it was asked."""

    def __init__(self):
        self.asked = []

    def instant(self, query, *, at):
        self.asked.append((query, at))
        label = query.partition("(")[2].partition(")")[0]
        return Vector(tuple(Sample({label: value}, 1.0) for value in ("b", "a")))


@pytest.mark.parametrize("written", ["$cluster", "${cluster}", "${cluster:regex}"])
def test_a_choice_is_filled_in_however_it_is_written(written):
    assert filled(f'up{{cluster=~"{written}"}}', [Choice("cluster", ("a.b",), "a.b")]) == r'up{cluster=~"a\\.b"}'
    assert filled(f'up{{cluster=~"{written}"}}', [Choice("cluster", ("a.b",), None)]) == 'up{cluster=~".*"}'


@pytest.mark.parametrize(("scrape", "window"), [(30, "120s"), (60, "240s"), (1, "16s")])
def test_the_rate_interval_is_grafanas(scrape, window):
    # The larger of four scrapes, and of a step and a scrape.
    assert filled("rate(x[$__rate_interval])", [], HOUR, scrape) == f"rate(x[{window}])"


def test_what_is_no_variable_stays():
    assert filled('label_replace(up,"x","$1","job","(.*)") / $__range', [], HOUR) == (
        'label_replace(up,"x","$1","job","(.*)") / 3600s'
    )


def test_each_variable_is_narrowed_by_those_before_it():
    server = Answering()
    found = choices(BODY, server, {"cluster": "a"}, 7.0)
    assert found == (Choice("cluster", ("a", "b"), "a"), Choice("job", ("a", "b"), None))
    assert server.asked == [("group by (cluster) (up)", 7.0), ('group by (job) (up{cluster=~"a"})', 7.0)]


def test_everything_is_chosen_without_asking():
    assert [one.chosen for one in everything(BODY)] == [None, None, None]


def test_a_choice_that_is_everything_is_everything_even_where_it_is_chosen_by_name():
    only = {"type": "custom", "name": "cluster", "query": "east : .*", "current": {"text": "east", "value": ".*"}}
    body = {"templating": {"list": [only, BODY["templating"]["list"][2]]}}
    prometheus = Answering()
    cluster, job = choices(body, prometheus, {"cluster": "east"}, 7.0)
    assert cluster == Choice("cluster", ("east",), None)
    assert prometheus.asked == [('group by (job) (up{cluster=~".*"})', 7.0)]
    assert job.values == ("a", "b")
