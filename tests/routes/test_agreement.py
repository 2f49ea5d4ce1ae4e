"""Random trees and alerts: the tree's own walk, the region that holds the alert, and amtool say the same."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from obsgen.routes.regions import partition
from tests.routes.conftest import Told
from tests.routes.trees import alerts, configs, read

ALERTS = 10


def _disagreements(told: Told, trees: int) -> Counter[str]:
    """Trees and alerts that were asked about, and those of them on which not all three agree."""
    seen: Counter[str] = Counter()

    @settings(max_examples=trees, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(configs(), some.lists(alerts(), min_size=ALERTS, max_size=ALERTS))
    def ask(config: dict[str, Any], drawn: list[dict[str, str]]) -> None:
        root = read(config).root
        parted = partition(root)
        shown = [dict(region.example) for region in parted.regions][: ALERTS // 2]
        asked = [*shown, *drawn][:ALERTS]
        seen.update(trees=1, alerts=len(asked), regions=len(parted.regions), unreachable=len(parted.unreachable))
        for labels, receivers in zip(asked, told(config, asked), strict=True):
            (region,) = parted.regions_of(labels)
            agree = region.paths == root.paths(labels) and region.receivers == root.receivers(labels) == receivers
            seen["disagreements"] += not agree
            assert agree, (labels, receivers, region.receivers, root.receivers(labels))

    ask()
    print(dict(seen))
    return seen


def test_tree_region_and_amtool_send_every_alert_to_the_same_receivers(told: Told) -> None:
    seen = _disagreements(told, 40)
    assert seen["trees"] >= 40
    assert seen["disagreements"] == 0


@pytest.mark.e2e
def test_tree_region_and_amtool_agree_on_hundreds_of_trees(told: Told) -> None:
    seen = _disagreements(told, 300)
    assert seen["trees"] >= 300
    assert seen["disagreements"] == 0
