"""A pack is used where most of what it evaluates has its series, and its switches follow what is there."""

from __future__ import annotations

import pytest

from obsgen.live.discovery.asking import Asking
from obsgen.live.discovery.moves import moves, scraped_already
from obsgen.live.discovery.packs import dead_sources, judged
from obsgen.live.discovery.reads import Candidates, Expression, PackReads, Read
from obsgen.model.source import Source
from obsgen.promql.parse import selectors
from obsgen.promql.selector import parse_matchers
from obsgen.spec.stack import EnvironmentSpec
from tests.discovery.standin import StandIn
from tests.discovery.world import series

QUEUE = Source("queue", 'job="queue"', parse_matchers('job="queue"'))


def expression(expr):
    reads = (Read(one, "queue" if QUEUE.gives(one.matchers) else "") for one in selectors(expr))
    return Expression(expr, tuple(reads))


def pack(*always, usual=None, **switches):
    own = {name: tuple(map(expression, expressions)) for name, expressions in switches.items()}
    usual = dict.fromkeys(switches, False) | (usual or {})
    return PackReads("queue", "infrastructure", tuple(map(expression, always)), own, usual)


def among(*packs, source=QUEUE):
    return Candidates(packs, {"queue": source}, {}, EnvironmentSpec(cluster="prod"))


def there(*metrics):
    return lambda read: read.metric in metrics


def judge(one, *metrics, seen=True):
    return judged(among(one), there(*metrics), seen=seen)[0]


def test_a_pack_is_used_where_half_of_it_has_series_and_says_what_is_not_there():
    both = pack('depth{job="queue"}', 'rate(lost_total{job="queue"}[5m])')
    assert judge(both, "depth").used
    assert "Not there now: lost_total" in judge(both, "depth").why


def test_a_pack_is_left_out_where_nothing_or_too_little_is_there():
    three = pack('depth{job="queue"}', 'rate(lost_total{job="queue"}[5m])', 'age{job="queue"}')
    assert not judge(three).used
    assert 'depth{job="queue"}' in judge(three).why
    assert not judge(three, "depth").used


def test_a_target_that_is_up_exposes_nothing_by_that():
    assert not judge(pack('up{job="queue"}', 'depth{job="queue"}'), "up").used
    assert judge(pack('up{job="queue"}'), "up").used


@pytest.mark.parametrize(
    ("expr", "metrics", "used"),
    [
        ('old{job="queue"} or new{job="queue"}', ["new"], True),
        ('depth{job="queue"} / size{job="queue"}', ["depth"], False),
        ('depth{job="queue"} unless paused{job="queue"}', ["depth"], True),
        ('depth{job="queue"} unless paused{job="queue"}', ["paused"], False),
        ('rate(lost_total{job="queue"}[5m]) or 0 * up{job="queue"}', ["up"], False),
    ],
)
def test_one_side_of_or_is_enough_and_what_is_excepted_need_not_be_there(expr, metrics, used):
    assert judge(pack(expr), *metrics).used is used


def test_a_switch_goes_on_where_what_only_it_evaluates_is_there():
    one = pack('depth{job="queue"}', mirrors=['mirrored{job="queue"} / depth{job="queue"}'])
    assert judge(one, "depth", "mirrored").switches == {"mirrors": (True, "mirrored is there.")}
    assert judge(one, "depth").switches == {}


def test_a_switch_goes_off_where_it_is_usual_and_nothing_of_it_is_there():
    one = pack('depth{job="queue"}', usual={"mirrors": True}, mirrors=['mirrored{job="queue"}'])
    assert judge(one, "depth").switches == {"mirrors": (False, "Not there: mirrored.")}


def test_a_switch_that_evaluates_nothing_of_its_own_stays_as_is_usual():
    one = pack('depth{job="queue"}', pair=['depth{job="queue"}'])
    assert judge(one, "depth").switches == {}


def test_what_nobody_looked_at_is_not_switched_on():
    one = pack('depth{job="queue"}', mirrors=['mirrored{job="queue"}'])
    assert judge(one, "depth", "mirrored", seen=False).switches == {}


def test_a_pack_of_switches_alone_is_used_where_one_of_them_has_series():
    one = pack(mirrors=['mirrored{job="queue"}'])
    assert judge(one, "mirrored").used
    assert not judge(one).used


def test_a_source_is_dead_where_a_used_pack_reads_it_in_vain():
    used = judge(pack('depth{job="other"}', 'lost{job="queue"}'), "depth")
    assert used.used
    assert list(dead_sources([used], there("depth"))) == ["queue"]
    assert list(dead_sources([used], there("depth", "lost"))) == []


TWO = pack('depth{job="queue"}', 'age{job="queue"}')


def asked(world):
    return Asking(StandIn(world))


def test_a_source_is_found_under_another_job():
    world = [series(metric, job="messages", instance="a") for metric in ("depth", "age")]
    found = moves(among(TWO), there(), asked(world), [{"job": "messages"}])
    assert found["queue"].selector == 'job="messages"'
    assert "2 of 2 of its metrics" in found["queue"].why


def test_a_job_with_several_paths_is_told_by_the_one_that_brings_it():
    world = [series(metric, job="node", metrics_path="/metrics/queue") for metric in ("depth", "age")]
    targets = [{"job": "node", "metrics_path": path} for path in ("/metrics", "/metrics/queue")]
    found = moves(among(TWO), there(), asked(world), targets)
    assert found["queue"].selector == 'job="node",metrics_path="/metrics/queue"'


def test_several_jobs_that_bring_it_alike_are_all_of_it():
    world = [series(metric, job=job) for metric in ("depth", "age") for job in ("b", "a")]
    assert moves(among(TWO), there(), asked(world), [])["queue"].selector == 'job=~"a|b"'


def test_a_source_stays_where_it_is_found_or_found_nowhere():
    world = [series(metric, job="messages") for metric in ("depth", "age")]
    assert moves(among(TWO), there("depth"), asked(world), []) == {}
    assert moves(among(TWO), there(), asked([]), []) == {}


def test_a_job_whose_name_could_do_more_than_name_is_not_taken():
    world = [series(metric, job="${cluster}") for metric in ("depth", "age")]
    assert moves(among(TWO), there(), asked(world), []) == {}


def test_what_somebody_scrapes_already_is_not_scraped_again(scrape_job):
    ours = Source("queue", 'job="queue"', QUEUE.matchers, jobs=(scrape_job,))
    found = scraped_already(among(TWO, source=ours), there("depth"), [{"job": "queue"}])
    assert found["queue"].selector == 'job="queue"'
    # obsgen's own monitors write the label cluster.
    assert scraped_already(among(TWO, source=ours), there("depth"), [{"job": "queue", "cluster": "prod"}]) == {}
    assert scraped_already(among(TWO), there("depth"), [{"job": "queue"}]) == {}
