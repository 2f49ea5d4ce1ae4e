"""What a node's or a zone's loss leaves, by hand."""

from __future__ import annotations

import pytest

from obsgen.live.answers.losses import loss_findings, losses


@pytest.fixture
def three(node):
    """4 + 4 + 8 cores with 10 requested and 5 used; 16 + 16 + 32 GiB with 24 requested and 40 used."""
    return [
        node("a1", cpu=(4, 3, 1), memory=(16, 8, 10), zone="a"),
        node("b1", cpu=(4, 3, 2), memory=(16, 8, 10), zone="b"),
        node("b2", cpu=(8, 4, 2), memory=(32, 8, 20), zone="b"),
    ]


def found(rows, resource, lost, name):
    return next(row for row in rows if (row.resource, row.lost, row.name) == (resource, lost, name))


def test_the_biggest_node_goes_first(three, cluster):
    row = found(losses([cluster()], three), "cpu", "node", "b2")
    assert (row.remaining, row.requested, row.used) == (8, 10, 5)
    assert (row.requests_ratio, row.used_ratio) == (1.25, 0.625)
    assert (row.requests_fit, row.use_fits) == (False, True)


def test_every_zone_is_tried(three, cluster):
    rows = losses([cluster()], three)
    assert found(rows, "cpu", "zone", "a").requests_ratio == pytest.approx(10 / 12)
    assert found(rows, "cpu", "zone", "b").requests_ratio == pytest.approx(10 / 4)
    assert found(rows, "memory", "zone", "b").used_ratio == pytest.approx(40 / 16)


def test_what_is_already_out_cannot_be_lost(three, node, cluster):
    rows = losses([cluster()], [*three, node("huge", cpu=(64, 60, 60), schedulable=False, zone="c")])
    assert {row.name for row in rows} == {"a", "b", "b2"}
    assert found(rows, "cpu", "node", "b2").requested == 10


def test_one_node_or_one_zone_is_everything(node, cluster):
    assert losses([cluster()], [node("only", zone="a")]) == ()
    assert {row.lost for row in losses([cluster()], [node("a1", zone="a"), node("a2", zone="a")])} == {"node"}


def test_a_silent_node_makes_use_unknown_and_not_smaller(three, node, cluster):
    row = found(losses([cluster()], [*three, node("d1", cpu=(1, 1, None))]), "cpu", "node", "b2")
    assert (row.used, row.used_ratio, row.use_fits) == (None, None, None)
    assert row.requested == 11


def test_a_loss_that_does_not_fit_is_told_once(three, cluster):
    messages = [finding.message for finding in loss_findings(losses([cluster()], three))]
    assert messages == [
        "without node b2, cpu requests would be 125.0%, memory use would be 125.0% of what remains",
        (
            "without zone b, cpu requests would be 250.0%, cpu use would be 125.0%, "
            "memory requests would be 150.0%, memory use would be 250.0% of what remains"
        ),
    ]
