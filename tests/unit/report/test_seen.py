"""`obsgen packs --seen` and the part of `obsgen packs PACK` that says where names were seen."""

from __future__ import annotations

import json

from click.testing import CliRunner

from obsgen.cli import main


def printed(*arguments):
    result = CliRunner().invoke(main, ["packs", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_sums_are_those_of_all_packs():
    counted = json.loads(printed("--seen", "--format", "json"))
    total = next(line for line in printed("--seen").splitlines() if line.split()[:1] == ["all"])
    hows = ("run", "source", "documented", "unconfirmed")
    assert total.split()[1:] == [str(sum(one[how] for one in counted.values())) for how in hows]


def test_every_unconfirmed_metric_is_named():
    counted = json.loads(printed("--seen", "--format", "json"))
    named = [f"  {pack}: {name}" for pack, one in counted.items() for name in one["unconfirmed_metrics"]]
    assert len(named) == sum(one["unconfirmed"] for one in counted.values())
    assert printed("--seen").splitlines()[-len(named) :] == named


def test_a_pack_shows_the_file_that_has_its_names_and_how_many():
    shown = printed("keepalived")
    assert "  keepalived_vrrp_state: gauge, source" in shown
    assert "  up: gauge\n" in shown
    assert "  source: mehdy/keepalived-exporter/internal/collector/collector.go@b8475da (3)" in shown
