"""Periods and paces: what lies behind, and when a budget is gone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from obsgen.live.objective_findings import duration_text, level
from obsgen.live.objective_periods import Period
from obsgen.live.objective_types import Budget

DAY = 86_400.0


def moment(*parts):
    return datetime(*parts, tzinfo=UTC).timestamp()


def test_a_rolling_period_lies_behind_in_steps_of_an_hour():
    period = Period.read("30d", moment(2026, 1, 8))
    assert (period.length, period.steps, str(period.step)) == (30 * DAY, 720, "1h")


def test_of_a_month_lies_behind_what_is_over_of_it():
    period = Period.read("month", moment(2026, 12, 3, 12, 30))
    assert (period.length, period.left) == (2.5 * DAY + 1800, 28.5 * DAY - 1800)
    assert period.steps * period.step.seconds == pytest.approx(period.length, abs=0.1)


def test_a_month_that_has_just_begun_has_a_step_to_ask_about():
    assert Period.read("month", moment(2026, 2, 1)).steps == 1


@pytest.mark.parametrize(
    ("remaining", "burn", "seconds"),
    [
        (1.0, 1.0, 30 * DAY),
        (0.5, 30.0, 0.5 * DAY),
        (0.5, 0.0, None),
        (0.5, None, None),
        (None, 2.0, None),
        (0.0, 0.0, 0.0),
        (-0.5, 3.0, 0.0),
    ],
)
def test_a_rolling_budget_lasts_as_long_as_its_rest_at_this_burn(remaining, burn, seconds):
    assert Period.read("30d", moment(2026, 1, 8)).exhausted_in(remaining, burn) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("remaining", "burn", "seconds"),
    [
        # Ten days are over. After x more days at this burn: 0.5 * 10 + burn * x = 10 + x.
        (0.5, 6.0, DAY),
        (0.5, 2.0, 5 * DAY),
        # At 1 the budget grows as fast as it is spent; at 1.1 it would need 50 days, and the month has 21 left.
        (0.5, 1.0, None),
        (0.5, 1.1, None),
        (-0.1, 0.0, 0.0),
    ],
)
def test_a_months_budget_grows_with_the_month(remaining, burn, seconds):
    assert Period.read("month", moment(2026, 1, 11)).exhausted_in(remaining, burn) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("remaining", "soon", "expected"),
    [
        (1.0, None, "ok"),
        (0.26, 2 * DAY, "ok"),
        (0.25, None, "warning"),
        (0.0, 0.0, "warning"),
        (-0.01, 0.0, "critical"),
        (0.9, DAY - 1, "critical"),
        (0.9, DAY, "ok"),
    ],
)
def test_the_level_follows_from_what_is_left_and_how_fast_it_goes(remaining, soon, expected):
    budget = Budget(remaining=remaining, spent=1 - remaining)
    assert level(budget, {"at_1h_pace": soon, "at_1d_pace": 1.0}) == expected


def test_an_unknown_budget_has_no_level():
    assert level(Budget(), {"at_1h_pace": None, "at_1d_pace": None}) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(59, "under 1m"), (61, "1m"), (5400, "1h30m"), (1.66 * DAY, "1d15h"), (2.9 * DAY, "2d"), (400 * DAY, "400d")],
)
def test_a_time_is_told_as_closely_as_one_plans(seconds, text):
    assert duration_text(seconds) == text
