"""What a drill sends and whom it reaches, from the production spec alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from obsgen.check.drill import Wanted
from obsgen.check.drill import drill as planned
from obsgen.ir.drills import Drill, DrillAlert
from obsgen.pipeline import Compiled, compile_stack
from obsgen.spec.root import SpecFile
from tests.compiled import CONFIG, shipped_spec

# Berlin works at this time, Shanghai sleeps; a month later Berlin celebrates.
WORKING = datetime(2026, 11, 25, 15, tzinfo=UTC)
HOLIDAY = datetime(2026, 12, 24, 10, tzinfo=UTC)


def drill(now: datetime = WORKING, wanted: Wanted | None = None, compiled: Compiled | None = None) -> Drill:
    of = compiled or shipped_spec("production")
    return planned(of.stack, of.bundle, wanted or Wanted(), name="d-1", now=now)


def one(found: Drill, team: str, tier: str) -> DrillAlert:
    [alert] = [alert for alert in found.alerts if (alert.team, alert.tier) == (team, tier)]
    return alert


def heard(alert: DrillAlert) -> dict[str, bool]:
    return {hearer.receiver: hearer.now for hearer in alert.hearers}


def test_there_is_one_alert_for_each_tier_of_each_team() -> None:
    places = [(alert.team, alert.tier) for alert in drill().alerts]
    assert len(places) == len(set(places)) == 12
    assert [(alert.team, alert.tier) for alert in drill(wanted=Wanted(("P2",), ("commerce",))).alerts] == [
        ("commerce", "P2")
    ]


def test_it_is_labelled_as_the_specs_own_alerts_are() -> None:
    assert one(drill(), "commerce", "P2").labels == {
        "alertname": "ObsgenDrill",
        "severity": "critical",
        "tier": "P2",
        "team": "commerce",
        "layer": "application",
        "component": "drill-p2",
        "cluster": "prod-sh",
        "namespace": "shop",
        "drill": "d-1",
    }


def test_nothing_is_started_and_nothing_real_is_hidden() -> None:
    found = drill()
    assert not any("action" in alert.labels for alert in found.alerts)
    assert found.silences == ()


@pytest.mark.parametrize(
    ("now", "team", "tier", "expected"),
    [
        (WORKING, "machines", "P2", {"machines-desk": True, "platform-chat": False}),
        (HOLIDAY, "machines", "P2", {"machines-desk": False, "platform-chat": True}),
        (WORKING, "commerce", "P3", {"commerce-tickets": False}),
        (WORKING.replace(hour=2), "commerce", "P3", {"commerce-tickets": True}),
        (HOLIDAY, "platform", "P1", {"platform-pager": True, "platform-chat": True}),
    ],
)
def test_it_is_known_who_hears_now_and_who_sleeps(
    now: datetime, team: str, tier: str, expected: dict[str, bool]
) -> None:
    assert heard(one(drill(now), team, tier)) == expected


def test_how_long_an_alert_is_gathered_and_by_what_is_told_too() -> None:
    [hearer] = one(drill(), "platform", "P4").hearers
    assert (str(hearer.wait), hearer.group_by) == ("5m", {"cluster", "team"})


def test_an_inhibition_by_which_a_drill_could_hide_real_alerts_is_named(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(
        f"extends: [{CONFIG / 'production.yaml'}]\n"
        "routing: {inhibit: {pages-hide-tickets: {source: ['severity=\"critical\"'],"
        " target: ['severity=\"warning\"', 'action=\"\"'], equal: [cluster, team]}}}\n"
    )
    compiled = compile_stack(SpecFile(spec, Path("/")))
    assert drill(compiled=compiled).silences == ("pages-hide-tickets",)
    assert drill(compiled=compiled, wanted=Wanted(("P3",))).silences == ()
