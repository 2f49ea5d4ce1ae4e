"""Faults of inhibit rules, each by hand, and all of them against every pair of alerts there is."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from obsgen.ir.routes import InhibitRule
from obsgen.promql.matcher import Matcher
from obsgen.routes.inhibition import Unsound, unsound
from obsgen.routes.matcher_text import parse_matchers

PAGE = parse_matchers("severity=critical")
SOUND = 'severity="critical",cluster!=""', 'severity=~"warning|info"', "cluster"


def rule(source: str, target: str, equal: str = "", name: str = "rule") -> InhibitRule:
    return InhibitRule(name, parse_matchers(source), parse_matchers(target), tuple(equal.split()))


def faults(*rules: InhibitRule) -> list[str]:
    return [one.fault for one in unsound(rules, [PAGE])]


def test_severe_alerts_may_mute_lesser_ones_of_the_same_cluster() -> None:
    assert faults(rule(*SOUND)) == []


def test_a_label_that_both_may_lack_ties_them_by_its_absence() -> None:
    (found,) = unsound([rule("severity=critical", "severity=warning", "cluster")])
    assert found == Unsound(
        "missing equal", found.rules, ({"severity": "critical"}, {"severity": "warning"}), ("cluster",)
    )
    assert unsound(found.rules, carried={"cluster"}) == ()


def test_a_pattern_that_matches_the_empty_text_lets_the_label_be_missing() -> None:
    assert faults(rule('severity=critical,cluster=~".*"', "severity=warning", "cluster")) == ["missing equal"]
    assert faults(rule('severity=critical,cluster=~".+"', "severity=warning", "cluster")) == []


def test_a_rule_without_equal_labels_mutes_everywhere() -> None:
    assert faults(rule("severity=critical", "severity=warning")) == ["no equal"]


def test_an_alert_on_both_sides_is_shown() -> None:
    (found,) = unsound([rule('severity=critical,cluster!=""', "layer=app", "cluster")])
    assert (found.fault, found.alerts) == ("overlap", ({"cluster": "other", "layer": "app", "severity": "critical"},))


def test_a_rule_whose_sides_are_the_same_mutes_nothing() -> None:
    assert faults(rule("severity=warning", "severity=warning", "cluster")) == ["never"]
    assert faults(rule("severity=critical", "a=x,a=y", "cluster")) == ["never"]
    assert faults(rule("severity=critical,cluster=eu", "severity=warning,cluster=us", "cluster")) == ["never"]


def test_rules_that_mute_each_other_leave_nobody_to_hear() -> None:
    back = rule('severity=warning,cluster!=""', "severity=critical", "cluster", "back")
    (loop,) = [one for one in unsound([rule(*SOUND), back]) if one.fault == "loop"]
    assert [one.name for one in loop.rules] == ["rule", "back"]
    assert loop.alerts == ({"cluster": "other", "severity": "critical"}, {"cluster": "other", "severity": "warning"})


def test_a_circle_of_three_is_found_and_equal_labels_can_break_it() -> None:
    def circle(third: str) -> list[InhibitRule]:
        ends = (("a", "b", ""), ("b", "c", ""), ("c", "a", third))
        return [rule(f"s={source},x=~.+", f"s={target}{more}", "x", source) for source, target, more in ends]

    assert [len(one.rules) for one in unsound(circle("")) if one.fault == "loop"] == [3]
    assert [one for one in unsound([*circle("")[:2], rule("s=c,x=1", "s=a,x=2", "x")]) if one.fault == "loop"] == []


def test_a_page_must_not_be_muted_by_what_is_none() -> None:
    pages = [one for one in unsound([rule("alertname=NodeDown", "layer=app", "node")], [PAGE]) if one.fault == "page"]
    assert [one.alerts for one in pages] == [({"alertname": "NodeDown"}, {"layer": "app", "severity": "critical"})]
    assert "page" not in faults(rule("alertname=NodeDown,severity=critical", "layer=app", "node"))


TEXTS = ("", "a", "b", "other")
LABELS = ("x", "y", "z")
EVERY = [dict(zip(LABELS, texts, strict=True)) for texts in product(TEXTS, repeat=len(LABELS))]


def _rules() -> some.SearchStrategy[list[InhibitRule]]:
    plain = some.builds(Matcher, some.sampled_from(LABELS), some.sampled_from(("=", "!=")), some.sampled_from("ab"))
    pattern = some.builds(
        Matcher, some.sampled_from(LABELS), some.sampled_from(("=~", "!~")), some.sampled_from(("a|b", ".+"))
    )
    side = some.lists(plain | pattern, min_size=1, max_size=3).map(tuple)
    equal = some.lists(some.sampled_from(LABELS), unique=True, max_size=2).map(tuple)
    return some.lists(some.builds(InhibitRule, some.sampled_from(("r",)), side, side, equal), min_size=2, max_size=2)


def mutes(one: InhibitRule, by: Mapping[str, str], alert: Mapping[str, str]) -> bool:
    """As Alertmanager decides it, by its own rule for alerts on both sides."""
    if not _fits(one.source, by) or not _fits(one.target, alert) or any(by[name] != alert[name] for name in one.equal):
        return False
    return not (_fits(one.source, alert) and _fits(one.target, by))


def _fits(matchers: tuple[Matcher, ...], alert: Mapping[str, str]) -> bool:
    return all(matcher.matches(alert[matcher.name]) for matcher in matchers)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(_rules())
def test_faults_are_those_that_trying_all_alerts_finds(rules: list[InhibitRule]) -> None:
    pairs = [[(by, alert) for by, alert in product(EVERY, EVERY) if mutes(one, by, alert)] for one in rules]
    page = (Matcher("x", "=", "a"),)
    found = {(one.fault, one.rules, one.labels) for one in unsound(rules, [page])}
    expected: set[tuple[str, tuple[InhibitRule, ...], tuple[str, ...]]] = set()
    for one, muted in zip(rules, pairs, strict=True):
        lacking = [name for name in one.equal if any(not by[name] for by, _ in muted)]
        expected |= {("missing equal", (one,), (name,)) for name in lacking}
        expected |= {("never", (one,), ())} if not muted else set()
        expected |= {("no equal", (one,), ())} if muted and not one.equal else set()
        both = any(_fits((*one.source, *one.target), alert) for alert in EVERY)
        expected |= {("overlap", (one,), ())} if muted and both else set()
        paged = any(alert["x"] == "a" != by["x"] for by, alert in muted)
        expected |= {("page", (one,), ())} if paged else set()
    mutual = {(str(by), str(alert)) for by, alert in pairs[0]} & {(str(alert), str(by)) for by, alert in pairs[1]}
    expected |= {("loop", tuple(rules), ())} if mutual else set()
    assert found == expected


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(_rules())
def test_the_alerts_shown_do_what_is_said_of_them(rules: list[InhibitRule]) -> None:
    for one in unsound(rules, [(Matcher("x", "=", "a"),)]):
        alerts = [{name: labels.get(name, "") for name in LABELS} for labels in one.alerts]
        if one.fault in {"missing equal", "no equal", "page"}:
            assert mutes(one.rules[0], *alerts)
        if one.fault == "loop":
            assert all(mutes(by, *pair) for by, pair in zip(one.rules, (alerts, alerts[::-1]), strict=True))
