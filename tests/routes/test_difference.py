"""What a change of a tree changes: every alert that goes elsewhere, and no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from obsgen.ir.hours import TimeInterval, TimeSpan
from obsgen.ir.routes import Route
from obsgen.routes.difference import Change, difference
from obsgen.routes.reading import ReadRouting
from obsgen.units import Duration
from tests.routes.trees import alerts, configs, read, route

TEAM = route("team", "team=x", route("pager", "severity=critical"))
ROOT = route("root", "", TEAM)


def changes(old: Route, new: Route) -> tuple[Change, ...]:
    return difference(ReadRouting(old, {}), ReadRouting(new, {}))


def with_team(**changed: Any) -> Route:
    return replace(ROOT, routes=(replace(TEAM, **changed),))


def test_the_same_tree_changes_nothing() -> None:
    assert changes(ROOT, ROOT) == ()
    assert changes(ROOT, replace(ROOT, routes=(TEAM, route("late", "team=x,severity=critical")))) == ()


def test_alerts_that_are_told_to_others_are_shown_by_the_shortest_of_them() -> None:
    found = changes(ROOT, replace(ROOT, routes=(route("all", 'severity=critical,team!=""'), TEAM)))
    assert [one.old_receivers for one in found] == [("pager",), ("root",)]
    change = found[1]
    assert change.example == {"severity": "critical", "team": "other"}
    assert (change.old_receivers, change.new_receivers) == (("root",), ("all",))
    assert change.aspects == {"receivers"}


def test_a_matcher_edited_on_the_way_changes_what_names_the_group() -> None:
    new = replace(ROOT, routes=(replace(TEAM, matchers=route("", "team=~x|y").matchers),))
    found = {change.old_receivers + change.new_receivers: change.aspects for change in changes(ROOT, new)}
    assert found == {
        ("team", "team"): {"group key"},
        ("pager", "pager"): {"group key"},
        ("root", "team"): {"receivers"},
        ("root", "pager"): {"receivers"},
    }


def test_the_order_of_matchers_and_labels_changes_nothing() -> None:
    old, new = route("a", "team=x,severity=critical"), route("a", "severity=critical,team=x")
    assert changes(replace(old, group_by=("a", "b")), replace(new, group_by=("b", "a"))) == ()


def test_grouping_timing_and_hours_are_told_apart() -> None:
    def aspects(**changed: Any) -> set[str]:
        (change,) = changes(ROOT, with_team(**changed))
        assert change.old_receivers == change.new_receivers == ("team",)
        return set(change.aspects)

    assert aspects(group_by=("cluster",)) == {"group key", "grouping"}
    assert aspects(repeat_interval=Duration.parse("1h")) == {"timing"}
    assert aspects(muted=("night",)) == {"hours"}


def test_hours_are_what_they_mean_and_not_what_they_are_called() -> None:
    def routing(name: str, start: int) -> ReadRouting:
        span = TimeSpan(minutes=((start, 1080),))
        return ReadRouting(with_team(active=(name,)), {}, (), (TimeInterval(name, (span,)),))

    assert difference(routing("work", 540), routing("office", 540)) == ()
    assert [one.aspects for one in difference(routing("work", 540), routing("work", 600))] == [{"hours"}]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs(), configs(), some.lists(alerts(), min_size=5, max_size=5))
def test_an_alert_is_among_the_changes_exactly_where_its_receivers_differ(
    old: dict[str, Any], new: dict[str, Any], drawn: list[dict[str, str]]
) -> None:
    before, after = read(old).root, read(new).root
    found = {(change.old, change.new): change for change in changes(before, after)}
    for change in found.values():
        assert (before.paths(change.example), after.paths(change.example)) == (change.old, change.new)
    for labels in drawn:
        told = sorted(before.receivers(labels)), sorted(after.receivers(labels))
        change = found.get((before.paths(labels), after.paths(labels)))
        assert (told[0] != told[1]) == (change is not None and "receivers" in change.aspects)
