"""Which group a recorded series belongs to, whatever labels a backend adds."""

from __future__ import annotations

import math

from obsgen.live.objective_readings import promises, recorded, strays
from obsgen.query.samples import Sample, Vector

PLACE = {"cluster": "prod", "component": "shop", "objective": "speed"}
REMAINING = "objective:error_budget:remaining"


def promised(*more, value=0.99):
    told = {"team": "shop", "layer": "application", "period": "30d", "sli": "errors"}
    series = [{**PLACE, **told, **labels} for labels in more or [{}]]
    return Vector(tuple(Sample({"__name__": "objective:target:ratio", **labels}, value) for labels in series))


def groups(readings, promise=None):
    known = promises(promise or promised())
    samples = [Sample({"__name__": REMAINING, **PLACE, **labels}, value) for labels, value in readings]
    (only,) = known.values()
    return {
        group: found[REMAINING] for group, found in recorded(Vector(tuple(samples)), known).of(only).items() if found
    }


def test_a_label_that_the_target_lacks_makes_a_group():
    assert groups([({"route": "/a"}, 0.5), ({"route": "/b"}, 0.7)]) == {
        (("route", "/a"),): 0.5,
        (("route", "/b"),): 0.7,
    }


def test_a_label_on_every_series_makes_none():
    outside = {"prometheus": "monitoring/k8s"}
    assert groups([(outside, 0.5)], promised(outside)) == {(): 0.5}


def test_two_replicas_count_once():
    a, b = {"replica": "a"}, {"replica": "b"}
    assert groups([(a, 0.5), (b, 0.5)], promised(a, b)) == {(): 0.5}


def test_teams_may_be_the_groups_of_an_objective():
    assert groups([({"team": "checkout"}, 0.5)]) == {(("team", "checkout"),): 0.5}


def test_nan_is_no_reading():
    assert groups([({}, math.nan)]) == {}


def test_a_target_of_everything_has_no_budget():
    assert promises(promised(value=1.0)) == {}


def test_what_is_recorded_without_its_target_is_named():
    lost = Vector((Sample({**PLACE, "cluster": ""}, 1.0), Sample(PLACE, 1.0)))
    (warning,) = strays(lost, promised())
    assert warning.startswith("shop/speed is recorded in the cluster, but no target of it is")
