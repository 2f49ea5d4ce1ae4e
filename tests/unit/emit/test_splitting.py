"""Rule groups in portions that kubectl can apply."""

from __future__ import annotations

from obsgen.document import yaml_text
from obsgen.emit.rules import groups_body
from obsgen.emit.splitting import LARGEST_OBJECT, portions
from obsgen.ir.rules import RecordingRule, RuleGroup


def group(name: str, count: int) -> RuleGroup:
    rules = tuple(
        RecordingRule(f"level:metric_{number}:sum", f"sum(metric_{number}) by (cluster)") for number in range(count)
    )
    return RuleGroup(name, rules)


def test_small_groups_stay_together_in_order():
    groups = [group("a", 2), group("b", 3)]
    assert list(portions(groups)) == [tuple(groups)]


def test_no_portion_is_larger_than_the_limit_and_no_rule_is_lost():
    groups = [group("a", 30), group("b", 200), group("c", 5)]
    found = list(portions(groups, limit=4000))
    assert len(found) > 3
    assert all(len(yaml_text(groups_body(portion)).encode()) <= 4000 for portion in found)
    records = [rule.record for portion in found for part in portion for rule in part.recordings]
    assert records == [rule.record for whole in groups for rule in whole.recordings]


def test_names_of_groups_stay_unique():
    found = [part.name for portion in portions([group("a", 400), group("b", 400)], limit=4000) for part in portion]
    assert len(set(found)) == len(found)


def test_the_limit_leaves_room_below_what_client_side_apply_takes():
    assert LARGEST_OBJECT < 262_144
