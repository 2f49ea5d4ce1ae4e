"""When tests look."""

from __future__ import annotations

from obsgen.lower.proofs.timing import Timing, step_for
from obsgen.units import Duration


def seconds(count: float) -> Duration:
    return Duration.of_seconds(count)


def test_samples_are_spaced_as_in_production():
    assert step_for(seconds(600), seconds(300), seconds(30)) == seconds(30)
    assert step_for(seconds(0), seconds(300), seconds(30)) == seconds(30)


def test_a_short_for_is_cut_in_four_so_that_pending_can_be_seen():
    assert step_for(seconds(60), seconds(300), seconds(30)) == seconds(15)
    assert step_for(seconds(30), seconds(0), seconds(30)) == seconds(7)


def test_a_long_test_is_sampled_more_coarsely_but_never_so_that_series_look_stale():
    assert step_for(seconds(3600), seconds(0), seconds(30)) == seconds(90)
    assert step_for(seconds(86400), seconds(0), seconds(30)) == seconds(120)


def test_every_range_holds_five_samples():
    assert step_for(seconds(3600), seconds(300), seconds(30), shortest=seconds(300)) == seconds(60)


def test_firing_is_certain_two_steps_after_window_and_for():
    timing = Timing(seconds(30), pending=seconds(600), lookback=seconds(300), keep=seconds(0))
    assert timing.certain == seconds(960)
    assert timing.just_before == seconds(570)


def test_what_was_pending_just_before_for_is_over_fires_before_it_is_over_twice():
    timing = Timing(seconds(30), pending=seconds(120), lookback=seconds(300), keep=seconds(0))
    assert timing.just_before + timing.pending == timing.latest == seconds(210)
    assert timing.latest < timing.pending * 2 < timing.certain


def test_settled_waits_for_what_is_still_read_and_kept_firing():
    timing = Timing(seconds(30), pending=seconds(600), lookback=seconds(300), keep=seconds(120))
    assert timing.settled(seconds(960)) == seconds(960 + 300 + 120 + 90)
