"""Reports of several clusters become one, whatever they list."""

from __future__ import annotations

import pytest

from obsgen.live.several import Answered, merged
from obsgen.live.types import CapacityReport, ClusterCapacity, Finding
from obsgen.units import Duration


def report(name, at=1000.0, findings=(), warnings=()):
    return CapacityReport(at, Duration.parse("5m"), (ClusterCapacity(name, {}),), (), (), findings, warnings)


def test_lists_are_joined_in_the_given_order_and_the_oldest_moment_counts():
    both = merged([Answered("south", report("south", at=1000)), Answered("north", report("north", at=990))])
    assert [one.cluster for one in both.clusters] == ["south", "north"]
    assert both.evaluated_at == 990
    assert both.warnings == ()


def test_the_gravest_finding_of_any_cluster_comes_first():
    calm = report("calm", findings=(Finding("info", "cluster calm", "a"),))
    grave = report("grave", findings=(Finding("critical", "cluster grave", "b"),))
    both = merged([Answered("calm", calm), Answered("lost", failure="no answer"), Answered("grave", grave)])
    assert [(one.level, one.about) for one in both.findings] == [
        ("critical", "cluster grave"),
        ("warning", "cluster lost"),
        ("info", "cluster calm"),
    ]
    assert both.findings[1].message == "no figures: no answer"


@pytest.mark.parametrize("named", ["cluster a: memory is not known", "node a/one: requests are 200%"])
def test_a_warning_names_its_cluster_once(named):
    one = merged([Answered("a", report("a", warnings=("query 'pods': partial", named)))])
    assert one.warnings == ("cluster a: query 'pods': partial", named)


def test_figures_of_moments_far_apart_are_said_to_be():
    both = merged([Answered("old", report("old", at=1000)), Answered("new", report("new", at=1600))])
    assert both.warnings == ("cluster new: its figures are 10 min newer than the oldest in this report",)


def test_without_any_report_there_is_none():
    assert merged([Answered("a", failure="no answer")]) is None
