"""What the installation does not bring: nothing is left that reads it, and the spec is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from obsgen.model.source import Drop, Keep, Source
from obsgen.pipeline import Compiled, compile_stack
from obsgen.promql.matcher import Matcher
from obsgen.promql.selector import parse_matchers
from obsgen.resolve.lacking import Lacking

JOB = 'job="x"'


def source(drops: tuple[Drop, ...] = (), keeps: str = "", absent: str = "") -> Source:
    kept = Keep(Matcher("__name__", "=~", keeps), "the list", "add it") if keeps else None
    return Source("x", JOB, parse_matchers(JOB), drops=drops, keeps=kept, absent=absent)


def drop(metrics: str, where: str = "") -> Drop:
    return Drop(Matcher("__name__", "=~", metrics), parse_matchers(where))


@pytest.mark.parametrize(
    ("expr", "lacks"),
    [
        ('gone{job="x"} > 1', True),
        ('here{job="x"} > 1', False),
        # Somebody else's metric of this name may be there.
        ('gone{job="y"} > 1', False),
        ('here{job="x"} / on (a) group_left gone{job="x"}', True),
        ('here{job="x"} and on (a) gone{job="x"}', True),
        # It would fire for what the missing side was to spare.
        ('here{job="x"} unless on (a) gone{job="x"}', True),
        ('absent(gone{job="x"})', True),
        ('gone{job="x"} or here{job="x"}', False),
        ('gone{job="x"} or gone{job="x",a="b"}', True),
        # What only fills up says nothing of its own.
        ('sum(gone{job="x"}) or vector(0)', True),
        ('gone{job="x"} or here{job="x"} * 0', True),
        ('up{job="x"} == 0', False),
        ("scrape_samples_scraped{job='x'} > 1", False),
    ],
)
def test_an_expression_lacks_what_it_cannot_do_without(expr, lacks):
    assert Lacking({"x": source(keeps="here|also")}).of(expr) is lacks
    assert Lacking({"x": source(drops=(drop("gone"),))}).of(expr) is lacks


@pytest.mark.parametrize(
    ("selector", "lacks"),
    [
        ('b{job="x",le="0.5"}', True),
        ('b{job="x",le=~"2(\\\\.0)?"}', True),
        ('b{job="x",le="0.1"}', False),
        # All of the buckets: the others are enough for a quantile.
        ('b{job="x"}', False),
        ('b{job="x",le!="0.5"}', False),
        ('b{job="x",le=~"0.5|0.1"}', False),
    ],
)
def test_what_is_dropped_in_part_lacks_where_that_part_is_asked_for(selector, lacks):
    assert Lacking({"x": source(drops=(drop("b", 'le=~"0.5|2(\\\\.0)?"'),))}).of(selector) is lacks


def test_nothing_of_an_absent_source_arrives_not_even_up():
    assert Lacking({"x": source(absent="it is off")}).of('up{job="x"}')


PACK = {
    "title": "Thing",
    "about": "A thing.",
    "metrics": {"up": "gauge", "a_total": "counter", "b_total": "counter", "b_bad_total": "counter"},
    "selector": "${sources.thing}",
    "sources": {"thing": {"selector": 'job="thing"', "elsewhere": True}},
    "thresholds": {name: {"default": 5, "about": "How much is too much."} for name in "ab"},
    "recordings": [
        # The one that reads the other comes first.
        {"record": "thing:b:double", "expr": "2 * thing:b:sum"},
        {"record": "thing:b:sum", "expr": "sum by (cluster) (b_total{${selector}})"},
    ],
    "signals": {
        "a": {
            "title": "A",
            "about": "A.",
            "unit": "none",
            "expr": "a_total{${selector}}",
            "feed": [{"series": "a_total{${selector}}", "gauge": "${v}"}],
        },
        "b": {"title": "B", "about": "B.", "unit": "none", "expr": "thing:b:double"},
    },
    "alerts": {
        "ThingAHigh": {
            "when": "a > ${thresholds.a}",
            "severity": "warning",
            "summary": "A is high.",
            "description": "In {{ $labels.cluster }} A is {{ $value }}.",
        },
        "ThingBHigh": {
            "when": "b > ${thresholds.b}",
            "severity": "warning",
            "summary": "B is high.",
            "description": "In {{ $labels.cluster }} B is {{ $value }}.",
        },
    },
    "objectives": {"b": {"target": "99%", "errors": "b_bad_total", "total": "b_total"}},
    "dashboard": {"metric": "b_total", "variables": ["instance"], "rows": {"One": ["a"], "Two": ["b"]}},
}


@pytest.fixture
def compiled(tmp_path):
    def compile_with(kept: list[str], **component: object) -> Compiled:
        keeps = {"metrics": kept, "called": "the short list", "remedy": "name it in the list"}
        table = {
            "title": "Ours",
            "about": "Ours.",
            "docs": "https://example.com/",
            "sources": {"thing": {"selector": 'job="thing"', "keeps": keeps}},
        }
        for path, body in {
            "packs/kubernetes/thing/pack.yaml": PACK,
            "packs/installations/ours.yaml": table,
            "spec.yaml": {
                "apiVersion": "obsgen.dev/v1",
                "kind": "MonitoringStack",
                "metadata": {"name": "t"},
                "packs": ["packs"],
                "environment": {"cluster": "prod", "installation": {"kind": "ours"}},
                "kubernetes": {"thing": component},
                "routing": {"default": "chat", "receivers": {"chat": {"webhook": {"url": "http://chat.svc:8080/"}}}},
            },
        }.items():
            file = Path(tmp_path) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(yaml.safe_dump(body))
        (Path(tmp_path) / "packs/kubernetes/thing/runbook.md").write_text("# Thing\n")
        return compile_stack(Path(tmp_path) / "spec.yaml")

    return compile_with


def test_what_reads_a_metric_that_is_not_kept_goes_with_it(compiled):
    one = compiled(["a_total"])
    (thing,) = one.stack.components
    assert [alert.name for alert in thing.alerts] == ["ThingAHigh"]
    assert (list(thing.signals), thing.recordings, thing.objectives) == (["a"], (), ())
    assert thing.rows == {"One": ("a",)}
    assert {variable.metric for variable in thing.variables} == {"a_total"}
    assert thing.left_out.recordings == ("thing:b:double", "thing:b:sum")
    assert (thing.left_out.signals, thing.left_out.alerts, thing.left_out.objectives) == (
        ("b",),
        ("ThingBHigh",),
        ("b",),
    )


def test_the_note_names_what_is_gone_why_and_what_to_do(compiled):
    (note,) = compiled(["a_total"]).stack.notes
    assert (note.code, note.level, note.hint) == ("OBS262", "warning", "name it in the list")
    assert note.message == "'thing' goes without 1 alert and 1 objective: the short list has no b_total, b_bad_total"


def test_a_component_of_which_nothing_is_left_is_left_out_whole(compiled):
    one = compiled(["nothing_of_it"])
    assert (one.stack.components, [note.message.partition(":")[0] for note in one.stack.notes]) == (
        (),
        ["'thing' is left out"],
    )


def test_an_override_of_an_alert_that_is_left_out_is_not_called_vain(compiled):
    own = {"one": {"match": {"labels": 'instance="a"'}, "thresholds": {"b": 9}}}
    assert [note.code for note in compiled(["a_total"], overrides=own).stack.notes] == ["OBS262"]


def test_all_is_there_where_all_is_kept(compiled):
    one = compiled(["[ab]_.*"])
    (thing,) = one.stack.components
    assert ([alert.name for alert in thing.alerts], len(thing.objectives), one.stack.notes) == (
        ["ThingAHigh", "ThingBHigh"],
        1,
        (),
    )
