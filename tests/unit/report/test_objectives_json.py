"""The JSON form of the report on objectives that other tools rely on."""

from __future__ import annotations

import json

from obsgen.report.objectives_json import objectives_json

KEYS = [
    "cluster",
    "component",
    "objective",
    "team",
    "layer",
    "labels",
    "target",
    "period",
    "error_ratio",
    "budget",
    "burn",
    "exhausted_in",
    "level",
    "spent_by",
    "groups",
]


def body(report):
    return json.loads(objectives_json(report))


def test_every_key_of_the_fixed_form_is_there(objectives_report):
    whole = body(objectives_report)
    assert list(whole) == ["generated_at", "objectives", "findings", "warnings"]
    for one in whole["objectives"]:
        assert list(one) == KEYS
        assert list(one["budget"]) == ["remaining", "spent", "events_left", "events_spent"]
        assert list(one["burn"]) == ["5m", "1h", "6h", "1d", "3d"]
        assert list(one["exhausted_in"]) == ["at_1h_pace", "at_1d_pace"]
    assert [list(finding) for finding in whole["findings"]] == [["level", "about", "message"]] * 2


def test_what_spent_it_has_moments_and_a_share(objectives_report):
    spent_by = body(objectives_report)["objectives"][1]["spent_by"]
    assert spent_by == [{"from": "2026-01-05T08:00:00Z", "to": "2026-01-05T10:00:00Z", "share": 0.41}]


def test_groups_have_their_labels_and_shares(objectives_report):
    groups = body(objectives_report)["objectives"][2]["groups"]
    assert groups[0] == {"labels": {"route": "/[pay]"}, "share": 0.875}


def test_what_is_not_known_is_null(objectives_report):
    absent = body(objectives_report)["objectives"][0]
    assert (absent["error_ratio"], absent["level"]) == (None, None)
    assert {*absent["budget"].values(), *absent["burn"].values(), *absent["exhausted_in"].values()} == {None}
