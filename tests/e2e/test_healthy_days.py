"""Three days of a healthy cluster wake nobody: rollouts, drains, reboots, scaling and updates are no faults."""

from __future__ import annotations

import pytest

from obsgen.pipeline import compile_stack
from obsgen.simulate.days.calendar import DAY
from obsgen.simulate.days.writing import STEP, write_days
from tests.e2e.past import Past
from tests.e2e.tools import ROOT, folder_id, installed

END = 1_767_571_200
# Warnings that have their reason in these days, and what that is.
EXPLAINED = {
    "EtcdQuorumAtRisk": "a machine of the control plane reboots: two of three members have none to spare",
}


@pytest.mark.e2e
@pytest.mark.parametrize("tools", installed("sid"), ids=folder_id)
def test_nothing_fires_that_is_not_explained(tools, tmp_path):
    # Samples two minutes apart are two of each rate only where scrapes are said to be a minute apart.
    spec = tmp_path / "production.yaml"
    written = (ROOT / "config" / "production.yaml").read_text()
    spec.write_text(written.replace("scrape_interval: 30s", "scrape_interval: 1m"))
    compiled = compile_stack(spec)
    samples = tmp_path / "days.om"
    with samples.open("w") as out:
        write_days(compiled.stack, out, END, 3)
    past = Past(tmp_path / "past", tools, END - 3 * DAY, END, STEP)
    past.folder.mkdir()
    past.fill(samples)
    groups = [group for rules in compiled.bundle.rule_sets for group in rules.groups]
    past.record([rule for group in groups for rule in group.recordings])
    alerts = [rule for group in groups for rule in group.alerts if rule.severity != "none"]
    fired = [(rule.severity, rule.alert, what) for rule, what in past.fired(alerts)]
    assert [one for one in fired if one[0] == "critical"] == []
    assert {name for _, name, _ in fired} == EXPLAINED.keys()
    assert len(EXPLAINED) < 5
