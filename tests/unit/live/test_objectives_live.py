"""Late samples, clusters that have stopped, and a server that cannot say what spent a budget."""

from __future__ import annotations

import time

import pytest

from obsgen.live.objectives import objectives
from obsgen.live.probe import NothingToReport
from obsgen.query.errors import TooSlow
from obsgen.query.prometheus import Prometheus
from tests.unit.live.objective_samples import END, ORDERS, WEST, openmetrics


def recorded(*counted, late=0):
    """The last hour will do: a whole week takes seconds to import."""
    return openmetrics(*counted, shift=int(time.time()) - END - late, since=END - 3600).replace("# EOF\n", "")


@pytest.fixture
def serve(serving):
    return lambda text: serving(text + "# EOF\n")


def merged(*texts):
    """Of two files one: a metric's series stand together."""
    metrics = {}
    for text in texts:
        for line in text.splitlines():
            if not line.startswith("#"):
                metrics.setdefault(line.partition("{")[0], []).append(line)
    return "".join(f"# TYPE {name} gauge\n" + "\n".join(lines) + "\n" for name, lines in metrics.items())


def test_fresh_samples_raise_no_warning(serve):
    with serve(recorded(ORDERS, late=60)) as prometheus:
        assert objectives(prometheus).warnings == ()


def test_late_samples_read_true_and_their_age_is_told(serve):
    with serve(recorded(ORDERS, late=1200)) as prometheus:
        report = objectives(prometheus)
    assert report.objectives[0].budget.events_spent == pytest.approx(ORDERS.failed(7 * 86_400))
    (warning,) = report.warnings
    assert warning.endswith("everything is evaluated at their time")


def test_a_cluster_that_has_stopped_is_named_and_left_out(serve):
    with serve(merged(recorded(ORDERS), recorded(WEST, late=1500))) as prometheus:
        report = objectives(prometheus)
    assert [one.cluster for one in report.objectives] == ["prod"]
    assert report.warnings[0].startswith("cluster west has recorded nothing for 2")
    assert "left out" in report.warnings[0]


def test_a_server_without_objectives_is_told_what_it_lacks(serve):
    lacking = pytest.raises(NothingToReport, match="are the rules loaded\\? Compile a spec with objectives")
    with serve("up 1 1767615300\n") as prometheus, lacking:
        objectives(prometheus)


class Busy(Prometheus):
    """Answers instant queries, and is too busy for ranges."""

    def range(self, query, *, start, end, step):
        msg = "it did not answer in time"
        raise TooSlow(msg, query=query)


def test_the_rest_stands_where_the_range_is_too_much_for_the_server(serve):
    with serve(recorded(ORDERS)) as prometheus, Busy(prometheus.url) as busy:
        report = objectives(busy)
    assert report.objectives[0].budget.remaining is not None
    assert report.objectives[0].spent_by == ()
    (warning,) = report.warnings
    assert warning.startswith("what spent the budgets of 7d is not known: it did not answer in time")
