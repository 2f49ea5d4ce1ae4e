"""Reports of several clusters become one, whatever they list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from obsgen.live.answers.types import Answers, Fits, Stranded, ZoneFit
from obsgen.live.answers.what_if import UnknownWorkload, parse_question
from obsgen.live.several import Answered, merged, supposed
from obsgen.live.types import CapacityReport, ClusterCapacity, Finding, Resource, WorkloadCapacity
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


def test_what_follows_from_the_figures_is_joined_however_deep():
    def answering(name):
        answers = Answers(
            Fits({"cpu": 1.0}, clusters=(ZoneFit(name, None, None, None),)),
            stranded=(Stranded(name, "one", 1.0, 1.0, 0.1, 0.1),),
        )
        return Answered(name, replace(report(name), answers=answers))

    both = merged([answering("south"), answering("north")])
    assert [one.cluster for one in both.answers.fits.clusters] == ["south", "north"]
    assert [one.cluster for one in both.answers.stranded] == ["south", "north"]
    assert both.answers.fits.pod == {"cpu": 1.0}


def test_a_workload_need_not_be_in_every_cluster_to_be_asked_about():
    question = parse_question("replicas of shop/web=2")
    amounts = {name: Resource("", requested=1.0, used=1.0, allocatable=4.0) for name in ("cpu", "memory", "pods")}
    web = WorkloadCapacity("south", "shop", "Deployment", "web", None, amounts)
    there = replace(report("south"), clusters=(ClusterCapacity("south", amounts),), workloads=(web,))
    both = merged([Answered("south", there), Answered("north", report("north"))])
    (answer,) = supposed(both, [question], {}).answers.what_if
    assert (answer.cluster, answer.replicas_then) == ("south", 2)
    with pytest.raises(UnknownWorkload):
        supposed(report("north"), [question], {})
