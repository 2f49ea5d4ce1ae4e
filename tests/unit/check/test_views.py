"""Checks of dashboards cover those of objectives too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from obsgen.check.views import broken_panel
from obsgen.ir.views import ObjectiveQueries
from obsgen.lower.objective_views import objectives_view
from tests.promised import objective, orders_with

FINE = ObjectiveQueries(
    remaining="objective:error_budget:remaining",
    burn_rate="objective:burn_rate:rate1h",
    period_ratio="objective:error_ratio:rate30d",
    base_ratio="objective:error_ratio:rate5m",
    total="objective:total:rate5m",
    failed="objective:errors:rate5m",
    firing='ALERTS{cluster=~"$cluster"}',
)


@pytest.fixture
def compiled(example):
    """The example with an objective of its orders, and a function: the bundle where that one asks these queries."""
    promised = objective("success")
    stack, orders = orders_with(example, promised)
    view = objectives_view(orders, stack)

    def shown(queries: ObjectiveQueries):
        one = replace(view.objectives[0], queries=queries, burns=())
        return replace(example.bundle, views=(replace(view, objectives=(one,)),))

    return stack, shown, promised.origin


def test_queries_of_objectives_that_read_and_know_their_variables_are_fine(compiled):
    stack, shown, _ = compiled
    assert list(broken_panel(stack, shown(FINE))) == []


def test_an_unknown_variable_and_an_unreadable_query_are_found_at_the_objective(compiled):
    stack, shown, origin = compiled
    broken = replace(FINE, total='x{region=~"$region"}', failed="sum(x")
    found = [(one.code, one.location) for one in broken_panel(stack, shown(broken))]
    assert found == [("OBS440", origin), ("OBS441", origin)]
