"""A missing recording is judged by what it is made of, and then by its rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from obsgen.live.coverage.judging import Judging, Reading
from obsgen.live.coverage.readers import readers, recorded
from obsgen.live.coverage.survey import Survey
from obsgen.pipeline import compile_stack
from obsgen.query.rules import LoadedRule

RECORD = "objective:total:rate5m"
OURS = LoadedRule("ErrorBudgetBurn", records=False)


@pytest.fixture(scope="module")
def promised():
    """A stack with objectives."""
    return compile_stack(Path(__file__).parents[4] / "config" / "objectives.yaml")


@pytest.fixture
def judged(promised):
    """What objectives and their alerts see where all is there but one recording, and these rules are loaded."""
    read = list(readers(promised.stack, promised.bundle))
    reading = Reading(promised.stack, promised.bundle, read)

    def judge(rules, *, without=(RECORD,)):
        kept = [one for one in reading.all() if one.metric not in without]
        seen = Survey({step: 1.0 for one in kept for step in one.steps}, {}, {}, (), rules)
        judging = Judging(reading, seen)
        found = [one for one in map(judging.judged, read) if one.kind != "panel" and one.missing]
        return found, judging

    return judge


def test_a_rule_that_is_not_loaded_blinds_what_reads_it(judged):
    found, judging = judged([OURS])
    assert judging.installed
    assert {one.missing[0].cause for one in found} == {f"no recording rule {RECORD} is loaded"}
    assert {"objective", "alert"} == {one.kind for one in found}
    assert "ObjectiveTrafficStopped success" in {one.name for one in found if one.sees == "nothing"}


def test_where_the_server_lists_no_rules_both_causes_are_told(judged):
    found, _ = judged(None)
    assert {one.missing[0].cause for one in found} == {
        f"no recording rule {RECORD} is loaded, or it gives nothing: the server does not list its rules"
    }


def test_a_rule_that_fails_is_told_with_its_error(judged):
    found, _ = judged([OURS, LoadedRule(RECORD, records=True, error="many-to-many matching not allowed")])
    assert {one.missing[0].cause for one in found} == {
        f"the recording rule {RECORD} fails: many-to-many matching not allowed"
    }


def test_a_rule_that_is_loaded_and_gives_nothing_is_no_fault(judged):
    found, judging = judged([OURS, LoadedRule(RECORD, records=True)])
    assert found == []
    assert {one.why for one in judging.unseen} == {"its recording rule is loaded, and gives nothing now"}


def test_a_stack_that_is_not_installed_is_judged_by_what_its_rules_would_read(judged, promised):
    found, judging = judged([], without=recorded(promised.bundle))
    assert found == []
    assert not judging.installed
