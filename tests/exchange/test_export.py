"""Objectives as OpenSLO, and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.diagnostics import Location
from obsgen.exchange.openslo.export import openslo_text
from obsgen.exchange.read import import_objectives
from obsgen.model.objectives import (
    ClassicLatency,
    Counted,
    ErrorEvents,
    GoodEvents,
    GoodTime,
    NativeLatency,
    Objective,
    Sli,
    WeightedRatio,
)
from obsgen.model.stack import Stack
from obsgen.pipeline import Compiled
from obsgen.units import Duration

ALL = Counted('orders_total{job="orders"}', "")
SOME = Counted('orders_total{job="orders",result="x"}', "")


def objective(name: str, sli: Sli) -> Objective:
    return Objective(
        name=name,
        title="Orders succeed",
        about="Who orders gets what they ordered.",
        target=0.999,
        budget=0.001,
        target_text="99.9%",
        period=Duration.parse("30d"),
        calendar=False,
        sli=sli,
        by=("zone",),
        exact=False,
        base=Duration.parse("5m"),
        interval=Duration.parse("1m"),
        minimum_errors=0,
        alerts=(),
        origin=Location("spec.yaml", 1, 1),
    )


def with_objectives(example: Compiled, *objectives: Objective) -> Stack:
    orders = next(one for one in example.stack.components if one.name == "orders")
    return replace(example.stack, components=(replace(orders, objectives=objectives),))


KINDS = {
    "errors": (ErrorEvents(SOME, ALL), {"errors": SOME.selector, "total": ALL.selector}),
    "good": (GoodEvents(SOME, ALL), {"good": SOME.selector, "total": ALL.selector}),
    "latency": (
        ClassicLatency(
            Counted(r'd_seconds_bucket{job="orders",le=~"1(\\.0)?"}', ""),
            Counted('d_seconds_count{job="orders"}', ""),
            1,
        ),
        {"latency": {"histogram": 'd_seconds{job="orders"}', "under": "1s"}},
    ),
    "native": (
        NativeLatency(Counted('d_seconds{job="orders"}', ""), 0.3),
        {"latency": {"histogram": 'd_seconds{job="orders"}', "under": "300ms", "native": True}},
    ),
    "gauge": (GoodTime(Counted('open{job="orders"}', "")), {"gauge": 'open{job="orders"}'}),
    "ratio": (
        WeightedRatio('max by (cluster, zone) (rate(a{job="orders"}[$window]))', None, (), {}),
        {"ratio": {"expr": 'max by (cluster, zone) (rate(a{job="orders"}[${window}]))'}},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_reads_back_as_it_was(kind, example, tmp_path):
    sli, form = KINDS[kind]
    file = tmp_path / "slos.yaml"
    file.write_text(openslo_text(with_objectives(example, objective("success", sli))))
    imported = import_objectives([file])
    assert imported.complete
    assert yaml.safe_load(imported.text)["applications"]["orders"] == {
        "team": "commerce",
        "namespace": "shop",
        "selector": 'job="orders"',
        "scrape": {"orders": {"enabled": False}},
        "objectives": {
            "success": {
                "title": "Orders succeed",
                "about": "Who orders gets what they ordered.",
                "target": "99.9%",
                "period": "30d",
                **form,
                "by": ["zone"],
            }
        },
    }


def test_a_calendar_month_reads_back_as_one(example, tmp_path):
    file = tmp_path / "slos.yaml"
    month = replace(objective("success", ErrorEvents(SOME, ALL)), calendar=True)
    file.write_text(openslo_text(with_objectives(example, month)))
    assert "period: month\n" in import_objectives([file]).text


def test_each_component_is_a_service_and_each_objective_an_slo(example):
    several = [objective(name, ErrorEvents(SOME, ALL)) for name in ("success", "speed")]
    documents = list(yaml.safe_load_all(openslo_text(with_objectives(example, *several))))
    assert [(one["kind"], one["metadata"]["name"]) for one in documents] == [
        ("Service", "orders"),
        ("SLO", "orders-success"),
        ("SLO", "orders-speed"),
    ]
    assert {one["apiVersion"] for one in documents} == {"openslo/v1"}


def test_a_spec_without_objectives_says_so(tmp_path):
    spec = Path(__file__).parent / "head.yaml"
    done = CliRunner().invoke(main, ["objectives", "export", str(spec), "-o", str(tmp_path / "slos.yaml")])
    assert (done.exit_code, list(tmp_path.iterdir())) == (0, [])
    assert "has no objectives" in done.output
