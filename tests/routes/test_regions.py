"""Regions of trees that can be read at a glance, and of random trees, judged over every class of alerts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from math import prod
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from obsgen.ir.routes import Route
from obsgen.promql.matcher import Matcher
from obsgen.routes.boxes import common
from obsgen.routes.regions import Partition, partition
from tests.routes.trees import alerts, configs, read, route

SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def shadowed(root: Route) -> dict[str, list[str]]:
    """By its receiver each route that nothing reaches, and the receivers of those that cover it."""
    return {one.path[-1].receiver: [by.receiver for by in one.covered_by] for one in partition(root).unreachable}


def told(root: Route) -> list[tuple[dict[str, str], tuple[str, ...]]]:
    return [(dict(region.example), region.receivers) for region in partition(root).regions]


def test_two_siblings_together_cover_a_third() -> None:
    first, second = route("a", 'severity="critical"'), route("b", 'severity!="critical"')
    assert shadowed(route("root", "", first, second, route("c", 'team="x"'))) == {"c": ["a", "b"]}
    assert shadowed(route("root", "", first, route("c", 'team="x"'), second)) == {}


def test_only_the_siblings_that_are_needed_are_named() -> None:
    routes = route("x", 'team="x"'), route("a", "s=~a|b"), route("b", "s=b"), route("rest", "s!~a|b"), route("c", "s=b")
    assert shadowed(route("root", "", *routes)) == {"b": ["a"], "c": ["a"]}


def test_an_alternative_covers_its_parts_and_its_parts_cover_it() -> None:
    assert shadowed(route("root", "", route("ab", "s=~a|b"), route("a", "s=a"), route("b", "s=b"))) == {
        "a": ["ab"],
        "b": ["ab"],
    }
    assert shadowed(route("root", "", route("a", "s=a"), route("b", "s=b"), route("ab", "s=~a|b"))) == {
        "ab": ["a", "b"]
    }
    assert shadowed(route("root", "", route("a", "s=a"), route("abc", "s=~a|b|c"))) == {}


def test_a_narrower_pattern_after_a_wider_one_is_unreachable() -> None:
    wide, narrow = route("wide", "env=~(prod|staging)-.*"), route("narrow", "env=~prod-eu-[0-9]+")
    assert shadowed(route("root", "", wide, narrow)) == {"narrow": ["wide"]}
    assert shadowed(route("root", "", narrow, wide)) == {}
    assert shadowed(route("root", "", route("any", "env=~.+"), route("none", 'env=""'), wide)) == {"wide": ["any"]}


def test_a_pattern_without_case_covers_the_one_with_it() -> None:
    loose, strict = route("loose", "env=~(?i)prod"), route("strict", "env=PROD")
    assert shadowed(route("root", "", loose, strict)) == {"strict": ["loose"]}
    assert shadowed(route("root", "", strict, loose)) == {}


def test_a_route_that_continues_covers_nothing() -> None:
    root = route("root", "", route("all", continues=True), route("a", "s=a"))
    assert shadowed(root) == {}
    assert shadowed(replace(root, routes=(*root.routes, route("late", "s=a")))) == {"late": ["a"]}
    assert told(root) == [({"s": "a"}, ("all", "a")), ({}, ("all",))]


def test_an_uncle_covers_a_nephew() -> None:
    root = route(
        "root", "", route("page", 'severity="critical"'), route("team", "team=x", route("p", "severity=critical"))
    )
    assert shadowed(root) == {"p": ["page"]}


def test_matchers_that_contradict_each_other_are_covered_by_nobody() -> None:
    root = route("root", "", route("a", "team=x", route("b", "team=y", route("c"))), route("d", 'e="",e=~".+"'))
    assert shadowed(root) == {"b": [], "c": [], "d": []}


def test_an_absent_label_is_an_empty_one() -> None:
    root = route("root", "", route("without", 'team=""'), route("with", 'team!=""'), route("never", "team=~.*"))
    assert told(root) == [({}, ("without",)), ({"team": "other"}, ("with",))]
    assert shadowed(root) == {"never": ["without", "with"]}


def test_negative_matchers_leave_exactly_the_rest() -> None:
    root = route("root", "", route("few", 'severity!~"a|b", severity!="", severity!="other"'))
    assert told(root) == [({"severity": "other2"}, ("few",)), ({}, ("root",))]


def test_a_route_whose_children_take_everything_is_never_the_last() -> None:
    root = route("root", "", route("team", "team=x", route("p", "s=a"), route("t", "s!=a")))
    assert [path[-1].receiver for path in partition(root).never_last] == ["team"]


def test_a_root_that_matches_not_everything_leaves_the_rest_without_a_way() -> None:
    assert told(route("root", "team=x")) == [({"team": "x"}, ("root",)), ({}, ())]


def test_a_part_of_the_alerts_can_be_parted() -> None:
    root = route("root", "", route("a", "severity=a"), route("b", "severity=b", route("x", "team=x")))
    parted = partition(root, (Matcher("severity", "=", "b"),))
    assert [(dict(region.example), region.receivers) for region in parted.regions] == [
        ({"severity": "b", "team": "x"}, ("x",)),
        ({"severity": "b"}, ("b",)),
    ]


def points(parted: Partition) -> Iterator[dict[str, str]]:
    """One alert of each class there is: all there can be, as far as the tree can tell."""
    values = parted.space.labels
    assume(prod(len(one.witnesses) for one in values) <= 5000)
    for texts in product(*(one.witnesses for one in values)):
        yield {one.label: text for one, text in zip(values, texts, strict=True) if text}


@SETTINGS
@given(configs())
def test_regions_share_nothing_and_leave_nothing_out(config: dict[str, Any]) -> None:
    parted = partition(read(config).root)
    boxes = [box for region in parted.regions for box in region.boxes]
    assert not any(common(one, other) is not None for one, other in combinations(boxes, 2))
    assert sum(prod(map(int.bit_count, box)) for box in boxes) == prod(map(int.bit_count, parted.space.whole))


@SETTINGS
@given(configs(), alerts())
def test_each_alert_is_in_one_region_and_goes_its_ways(config: dict[str, Any], labels: dict[str, str]) -> None:
    root = read(config).root
    parted = partition(root)
    for alert in (labels, *(region.example for region in parted.regions)):
        (region,) = parted.regions_of(alert)
        assert region.paths == root.paths(alert)
        assert all(region.example.values())
        assert len(region.example) <= len([value for value in alert.values() if value])


@settings(SETTINGS, max_examples=25)
@given(configs())
def test_what_is_unreachable_is_so_for_every_class_of_alerts(config: dict[str, Any]) -> None:
    root = read(config).root
    parted = partition(root)
    ways = [path for alert in points(parted) for path in root.paths(alert)]
    # Each route has a receiver of its own.
    passed, ends = {one.receiver for path in ways for one in path}, {path[-1].receiver for path in ways}
    assert {one.path[-1].receiver for one in parted.unreachable} == _receivers(root) - passed
    assert {path[-1].receiver for path in parted.never_last} == passed - ends


@settings(SETTINGS, max_examples=25)
@given(configs())
def test_what_covers_a_route_covers_it_and_no_part_of_it_does(config: dict[str, Any]) -> None:
    parted = partition(read(config).root)
    for one in parted.unreachable:
        asked = [alert for alert in points(parted) if all(_matches(route, alert) for route in one.path)]
        assert bool(asked) == bool(one.covered_by)
        assert all(any(_matches(by, alert) for by in one.covered_by) for alert in asked)
        for left_out in one.covered_by:
            rest = [by for by in one.covered_by if by is not left_out]
            assert not all(any(_matches(by, alert) for by in rest) for alert in asked)


def _receivers(root: Route) -> set[str]:
    return {root.receiver}.union(*map(_receivers, root.routes))


def _matches(one: Route, alert: dict[str, str]) -> bool:
    return all(matcher.matches(alert.get(matcher.name, "")) for matcher in one.matchers)


@pytest.mark.parametrize("pattern", [r"\bprod", "(?m)^a$", "x\\B"])
def test_a_pattern_that_looks_around_is_refused_by_name(pattern: str) -> None:
    root = route("root", "", Route("x", (), *[route("").group_wait] * 3, (Matcher("env", "=~", pattern),)))
    with pytest.raises(ValueError, match="nothing exact can be said about") as refused:
        partition(root)
    assert pattern in str(refused.value)
