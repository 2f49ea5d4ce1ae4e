"""Random pairs of trees: every alert lies in what changes exactly where its own two ways differ."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from obsgen.check.route_diff import route_diff
from obsgen.check.route_sides import read_side
from obsgen.routes.difference import difference
from tests.routes.trees import LABELS, WORDS, alerts, configs, read

SETTINGS = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(configs(), configs(), some.lists(alerts(), min_size=8, max_size=8))
def test_an_alert_changes_receivers_exactly_where_the_trees_say(
    old: dict[str, Any], new: dict[str, Any], drawn: list[dict[str, str]]
) -> None:
    before, after = read(old), read(new)
    changes = difference(before, after)
    for labels in drawn:
        within = [one for one in changes if one.share(labels, ()) == "all"]
        assert len(within) <= 1
        moved = any("receivers" in one.aspects for one in within)
        assert moved == (sorted(before.root.receivers(labels)) != sorted(after.root.receivers(labels)))


@SETTINGS
@given(configs(), configs(), alerts(), some.sampled_from(LABELS))
def test_an_alert_with_a_varying_label_lies_wherever_one_of_its_values_does(
    old: dict[str, Any], new: dict[str, Any], labels: dict[str, str], varying: str
) -> None:
    changes = difference(read(old), read(new))
    fixed = {name: value for name, value in labels.items() if name != varying}
    for change in changes:
        shares = {change.share({**fixed, varying: word}, ()) for word in WORDS}
        share = change.share(fixed, {varying})
        # The words are some of the values that there are.
        assert share != "none" or shares == {"none"}
        assert share != "all" or shares == {"all"}


@SETTINGS
@given(configs())
def test_a_tree_does_not_differ_from_itself(config: dict[str, Any]) -> None:
    assert not route_diff(read_side(read(config)), read_side(read(config)))
