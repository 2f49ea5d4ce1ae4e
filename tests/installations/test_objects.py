"""What is written for an installation, held against the Services, pods and monitors that it comes with."""

from __future__ import annotations

from collections import Counter

import pytest

from obsgen.promql.parse import selectors
from tests.installations.discovery import targets
from tests.installations.kinds import INSTALLED, built
from tests.installations.objects import objects


@pytest.fixture(scope="module", params=INSTALLED, ids=str)
def one(request, tmp_path_factory):
    return built(request.param, tmp_path_factory.mktemp("installed"))


@pytest.fixture
def theirs(one):
    return one.installed.objects()


@pytest.fixture
def ours(one):
    return objects(one.emitted)


def test_every_monitor_finds_something(ours, theirs):
    idle = [monitor.name for monitor in ours.monitors if not any(targets(monitor, theirs))]
    assert idle == []


def test_no_target_is_scraped_twice(ours, theirs):
    found = [target for monitor in (*theirs.monitors, *ours.monitors) for target in targets(monitor, theirs)]
    scraped = Counter((target.address, target.path) for target in found)
    assert [place for place, times in scraped.items() if times > 1] == []


def test_every_rule_reads_what_is_scraped(one, ours, theirs):
    monitors = (*theirs.monitors, *ours.monitors)
    known = [target for monitor in monitors for target in targets(monitor, theirs)]
    blind = {
        f"{name}: {selector}"
        for name, expr in _rules(one.compiled.bundle)
        for selector in selectors(expr)
        if any(matcher.name == "job" for matcher in selector.matchers)
        and not any(target.gives(selector.matchers) for target in known)
    }
    assert blind == set()


def test_the_account_that_may_scrape_is_there(one, theirs):
    subjects = [
        (subject["namespace"], subject["name"])
        for body in one.emitted
        if body["kind"].endswith("RoleBinding")
        for subject in body["subjects"]
    ]
    assert set(subjects) <= theirs.accounts


def _rules(bundle):
    """The name and the expression of each."""
    for group in (group for rules in bundle.rule_sets for group in rules.groups):
        yield from ((rule.record, rule.expr) for rule in group.recordings)
        yield from ((rule.alert, rule.expr) for rule in group.alerts)
