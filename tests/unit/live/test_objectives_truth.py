"""Every figure of a report on objectives against the events themselves, over a real Prometheus."""

from __future__ import annotations

import pytest

from obsgen.live.objective_queries import Chosen
from obsgen.live.objectives import objectives
from obsgen.live.offline import newest_sample, serve_openmetrics
from obsgen.live.probe import NothingToReport
from obsgen.query.prometheus import Prometheus
from tests.unit.live import objective_samples as samples
from tests.unit.live.objective_samples import DAY, END, HOUR, START, WEEK

NEAR = 1e-9


@pytest.fixture(scope="module")
def served(tools, tmp_path_factory):
    path = tmp_path_factory.mktemp("objectives") / "week.om"
    path.write_text(samples.openmetrics(*samples.EVERYTHING))
    assert newest_sample(path) == END
    with serve_openmetrics(path, tools=tools) as url, Prometheus(url) as prometheus:
        yield prometheus


@pytest.fixture(scope="module")
def report(served):
    return objectives(served, at=END)


def standing(report, counted):
    place = (counted.cluster, counted.component, counted.objective, counted.labels)
    (found,) = [one for one in report.objectives if (one.cluster, one.component, one.objective, one.labels) == place]
    return found


MEASURED = [one for one in samples.EVERYTHING if one.measured]
each = pytest.mark.parametrize(
    "counted", MEASURED, ids=lambda one: "-".join((one.cluster, one.objective, *one.labels.values()))
)


def test_every_objective_is_there_once_in_order(report):
    assert [one.title for one in report.objectives] == [
        "orders/success in cluster east",
        "orders/monthly in cluster prod",
        "orders/success in cluster prod",
        "shop/speed route=/list in cluster prod",
        "shop/speed route=/pay in cluster prod",
        "orders/success in cluster west",
    ]


@each
def test_what_was_promised_is_told(report, counted):
    found = standing(report, counted)
    assert (found.target, found.period) == (counted.target, counted.period)
    assert (found.team, found.layer) == ("shop", "application")


@each
def test_the_budget_is_what_counting_the_events_gives(report, counted):
    found = standing(report, counted)
    failed, allowed = counted.failed(WEEK), counted.allowed
    assert found.error_ratio == pytest.approx(failed / counted.total(WEEK), rel=NEAR)
    assert found.budget.events_spent == pytest.approx(failed, rel=NEAR)
    assert found.budget.events_left == pytest.approx(allowed - failed, rel=NEAR)
    assert found.budget.spent == pytest.approx(failed / allowed, rel=NEAR)
    assert found.budget.remaining == pytest.approx(1 - failed / allowed, rel=NEAR, abs=NEAR)


@each
def test_the_burn_is_what_counting_the_events_of_each_window_gives(report, counted):
    found = standing(report, counted)
    assert list(found.burn) == list(samples.WINDOWS)
    for window, seconds in samples.WINDOWS.items():
        assert found.burn[window] == pytest.approx(counted.ratio(seconds) / (1 - counted.target), rel=NEAR), window


def hours(first, end):
    return START + first * HOUR, START + end * HOUR


def test_the_outages_are_what_spent_it_the_costliest_first(report):
    spans = standing(report, samples.ORDERS).spent_by
    assert [(span.start, span.end) for span in spans] == [hours(30, 32), hours(133, 134)]
    for span in spans:
        failed = samples.ORDERS.failed(span.end - span.start, int(span.end))
        assert span.share == pytest.approx(failed / samples.ORDERS.allowed, rel=1e-6)


def test_an_outage_of_the_month_has_its_hours_and_its_share(report):
    (span,) = standing(report, samples.MONTHLY).spent_by
    assert (span.start, span.end) == hours(160, 168)
    assert span.share == pytest.approx(samples.MONTHLY.failed(WEEK) / samples.MONTHLY.allowed, rel=1e-6)


def test_of_a_group_that_failed_half_a_day_that_half_day_spent_it(report):
    span = standing(report, samples.PAY).spent_by[0]
    # The outage began at noon and ended at midnight.
    assert (span.start, span.end) == hours(60, 72)
    assert span.share == pytest.approx(samples.PAY.failed(12 * HOUR, START + 72 * HOUR) / samples.PAY.allowed, rel=1e-6)


def test_the_group_that_failed_ranks_first_with_its_share_of_all_that_failed(report):
    pay, listed = samples.PAY.failed(WEEK), samples.LIST.failed(WEEK)
    for counted in (samples.PAY, samples.LIST):
        groups = standing(report, counted).groups
        assert [group.labels for group in groups] == [{"route": "/pay"}, {"route": "/list"}]
        assert [group.share for group in groups] == pytest.approx([pay / (pay + listed), listed / (pay + listed)])


def test_an_objective_without_labels_has_no_groups(report):
    assert standing(report, samples.ORDERS).groups == ()


def test_what_never_failed_has_its_whole_budget_and_no_end(report):
    found = standing(report, samples.WEST)
    assert (found.budget.remaining, found.budget.events_spent, found.level) == (1.0, 0.0, "ok")
    assert found.exhausted_in == {"at_1h_pace": None, "at_1d_pace": None}
    assert found.spent_by == ()


def test_what_nothing_is_recorded_of_stays_unknown(report):
    found = standing(report, samples.EAST)
    assert found.error_ratio is None
    assert set(found.burn.values()) == {None}
    assert (found.budget.remaining, found.budget.spent) == (None, None)
    assert (found.budget.events_left, found.budget.events_spent) == (None, None)
    assert set(found.exhausted_in.values()) == {None}
    assert (found.level, found.spent_by, found.groups) == (None, (), ())


def test_the_time_left_is_the_rest_of_the_budget_at_the_pace(report):
    found = standing(report, samples.LIST)
    left = 1 - samples.LIST.failed(WEEK) / samples.LIST.allowed
    for pace, seconds in (("at_1h_pace", HOUR), ("at_1d_pace", DAY)):
        burn = samples.LIST.ratio(seconds) / 0.01
        assert found.exhausted_in[pace] == pytest.approx(left * WEEK / burn, rel=1e-6)


def test_the_findings_say_what_wants_attention(report):
    assert [(finding.level, finding.about) for finding in report.findings] == [
        ("critical", "orders/monthly in cluster prod"),
        ("critical", "shop/speed route=/pay in cluster prod"),
        ("warning", "orders/success in cluster east"),
    ]


def test_sound_samples_leave_no_warning(report):
    assert report.warnings == ()


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (Chosen(cluster="prod"), 4),
        (Chosen(component="shop"), 2),
        (Chosen(objective="success"), 3),
        (Chosen("west", "orders", "success"), 1),
    ],
)
def test_only_what_was_chosen_is_reported(served, report, chosen, count):
    narrow = objectives(served, chosen=chosen, at=END)
    assert len(narrow.objectives) == count
    assert all(one in report.objectives for one in narrow.objectives)


def test_nothing_of_that_name_is_said_with_what_to_do(served):
    with pytest.raises(NothingToReport, match=r'objective:target:ratio\{component="other"\} at 2026-01-08T00:00:00Z'):
        objectives(served, chosen=Chosen(component="other"), at=END)
