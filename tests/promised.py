"""Objectives as they are once every default is filled in, for tests of what is made of them."""

from __future__ import annotations

from dataclasses import replace

from obsgen.diagnostics import Location
from obsgen.model.objectives import BurnWindow, Counted, ErrorEvents, GoodTime, Objective, ObjectiveAlert
from obsgen.units import Duration


def objective(name, **changes):
    """One of `errors` and `total`, as the example's orders would have it."""
    fields = {
        "name": name,
        "title": name.capitalize(),
        "about": "Orders that customers place are taken.",
        "target": 0.999,
        "budget": 0.001,
        "target_text": "99.9%",
        "period": Duration.parse("30d"),
        "calendar": False,
        "sli": ErrorEvents(Counted("failed_total", "failed_total"), Counted("orders_total", "orders_total")),
        "by": (),
        "exact": False,
        "base": Duration.parse("5m"),
        "interval": Duration.parse("1m"),
        "minimum_errors": 1,
        "alerts": ALERTS,
        "origin": Location("spec.yaml", 3, 5),
    }
    return Objective(**{**fields, **changes})


def burn(long, short, factor):
    return BurnWindow(Duration.parse(long), Duration.parse(short), factor, factor * 0.001)


ALERTS = (
    ObjectiveAlert("ErrorBudgetBurn", "critical", windows=(burn("1h", "5m", 14.4), burn("6h", "30m", 6.0))),
    ObjectiveAlert("ErrorBudgetBurn", "warning", windows=(burn("1d", "2h", 3.0), burn("3d", "6h", 1.0))),
    ObjectiveAlert("ErrorBudgetSpent", "warning", spent=0.9),
    ObjectiveAlert("ObjectiveDataMissing", "warning"),
)
GAUGE = GoodTime(Counted("up", "up"))


def orders_with(example, *objectives):
    """The example's orders with these objectives; the stack and the component."""
    orders = next(one for one in example.stack.components if one.name == "orders")
    promised = replace(orders, objectives=objectives)
    others = tuple(promised if one is orders else one for one in example.stack.components)
    return replace(example.stack, components=others), promised
