"""Panels from answers: tiles, tables and charts."""

from __future__ import annotations

import pytest

from obsgen.preview.answers import Answer
from obsgen.preview.charts import MOST, chart
from obsgen.preview.choices import Span
from obsgen.preview.sheets import sheet
from obsgen.preview.tiles import tiles
from obsgen.query.samples import Matrix, Sample, Series, Vector

STEPS = {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 5}]}


def panel(kind="stat", **defaults):
    custom = {"thresholdsStyle": {"mode": "line"}, "stacking": {"mode": "none"}}
    settings = {"unit": "short", "thresholds": STEPS, "custom": custom, **defaults}
    return {"type": kind, "fieldConfig": {"defaults": settings, "overrides": []}, "options": {}}


def vector(*samples, ref="A", legend="__auto"):
    data = Vector(tuple(Sample(labels, value) for labels, value in samples))
    return Answer({"refId": ref, "legendFormat": legend}, "", data)


def matrix(*series, legend="{{pod}}"):
    data = Matrix(tuple(Series(labels, tuple(points)) for labels, points in series))
    return Answer({"refId": "A", "legendFormat": legend}, "", data)


def test_one_value_has_no_name_and_the_colour_of_the_threshold_that_it_reaches():
    (well,) = tiles(panel(), [vector(({"job": "a"}, 4.9))])
    (ill,) = tiles(panel(), [vector(({"job": "a"}, 5.0))])
    assert (well.text, well.name, ill.text) == ("4.9", "", "5")
    assert well.colour != ill.colour


def test_several_values_are_named():
    assert [one.name for one in tiles(panel(), [vector(({"job": "a"}, 1), ({"job": "b"}, 2))])] == ["a", "b"]


def test_what_is_not_a_number_is_no_value():
    assert tiles(panel(), [vector(({}, float("nan")))]) == []


def test_a_table_joins_its_queries_by_labels_and_orders_and_names_columns():
    order = {
        "excludeByName": {"Time": True, "job": True},
        "indexByName": {"node": 0, "Value #B": 1, "Value #A": 2},
        "renameByName": {"node": "Node", "Value #A": "Memory", "Value #B": "Pods"},
    }
    table = panel("table") | {"transformations": [{"id": "merge"}, {"id": "organize", "options": order}]}
    table["fieldConfig"]["overrides"] = [
        {"matcher": {"id": "byName", "options": "Memory"}, "properties": [{"id": "unit", "value": "bytes"}]}
    ]
    one, two = {"node": "n1", "job": "x"}, {"node": "n2", "job": "x"}
    drawn = sheet(table, [vector((one, 1024), (two, 2048)), vector((one, 3), ref="B")])
    assert drawn.columns == ("Node", "Pods", "Memory")
    assert [[cell.text for cell in row] for row in drawn.rows] == [["n1", "3", "1 KiB"], ["n2", "", "2 KiB"]]


def test_a_mapped_word_has_its_colour():
    mapping = {"type": "value", "options": {"critical": {"color": "red"}}}
    ((cell, _),) = sheet(panel("table", mappings=[mapping]), [vector(({"severity": "critical"}, 1))]).rows
    assert (cell.text, cell.colour) == ("critical", "#d0342c")


def test_without_an_answer_there_is_nothing_to_draw():
    failed = Answer({"refId": "A"}, "", None, "refused")
    assert sheet(panel("table"), [failed]) is None
    assert chart(panel("timeseries"), [failed], Span(0, 60, 15)) is None
    assert tiles(panel(), [failed]) == []


def test_a_chart_has_gaps_threshold_lines_and_a_summary():
    points = [(0, 1.0), (15, 3.0), (45, 2.0)]
    drawn = chart(panel("timeseries", min=0), [matrix(({"pod": "a"}, points))], Span(0, 60, 15))
    (trace,) = drawn.figure["data"]
    assert trace["y"] == [1.0, 3.0, None, 2.0, None]
    assert [shape["y0"] for shape in drawn.figure["layout"]["shapes"]] == [5]
    assert drawn.legend[0][1:] == ("a", ("2", "3", "2"))


def test_values_and_thresholds_share_the_axis_scale():
    drawn = chart(panel("timeseries", unit="percentunit"), [matrix(({"pod": "a"}, [(0, 0.5)]))], Span(0, 60, 15))
    assert drawn.figure["data"][0]["y"][0] == pytest.approx(50)
    assert drawn.figure["layout"]["shapes"][0]["y0"] == pytest.approx(500)
    assert drawn.figure["layout"]["yaxis"]["ticksuffix"] == "%"


def test_the_highest_series_are_drawn_and_the_others_counted():
    many = [({"pod": str(number)}, [(0, float(number))]) for number in range(MOST + 3)]
    drawn = chart(panel("timeseries"), [matrix(*many)], Span(0, 60, 15))
    assert (len(drawn.legend), drawn.more, drawn.legend[0][1]) == (MOST, 3, str(MOST + 2))
